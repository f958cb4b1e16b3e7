import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './config.ts';
import { bringPackages, libraryFolders } from './debian.ts';
import { chromiumPackages } from './debian-packages.ts';

/** Debian's Chromium without a window, unpacked in the cache. */
export interface Chromium {
  /** Absolute. */
  readonly executable: string;
  /** All that it needs to find its libraries and letters. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Brings Chromium into the cache, once, and says how to start it. Throws PackagesUnavailable. */
export async function bringChromium(report: (step: string) => void, signal?: AbortSignal): Promise<Chromium> {
  const { root } = await bringPackages("Debian's Chromium", chromiumPackages, report, signal);
  const home = join(cacheFolder(), 'chromium-home');
  await mkdir(home, { recursive: true });
  // Only the letters that came with it: pages look the same on every host.
  const fonts = join(home, 'fonts.conf');
  const folders = `<dir>${join(root, 'usr/share/fonts')}</dir><cachedir>${join(home, 'fonts')}</cachedir>`;
  const code = '<alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>';
  await writeFile(fonts, `<?xml version="1.0"?><fontconfig>${folders}${code}</fontconfig>\n`);
  const libraries = libraryFolders(root).flatMap((folder) => [folder, join(folder, 'pulseaudio')]);
  return {
    executable: join(root, 'usr/lib/chromium/chromium-headless-shell'),
    environment: { HOME: home, FONTCONFIG_FILE: fonts, LD_LIBRARY_PATH: libraries.join(':'), TZ: 'UTC' },
  };
}
