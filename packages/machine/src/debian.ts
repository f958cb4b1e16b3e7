import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './config.ts';
import { downloadPackages } from './debian-download.ts';
import { type PackageSets, type Program, packageSets } from './debian-packages.ts';
import { identify } from './process-identity.ts';
import { SYSTEM_PATH } from './run-program.ts';

/** Debian's programs, unpacked in the cache. */
export interface Debian {
  /** The unpacked tree: `<root>/usr/bin/caddy` and so on. */
  readonly root: string;
  /** Names this set of packages: what is built from them carries it. */
  readonly id: string;
  /** What a process needs to find these programs and their libraries. */
  readonly environment: Readonly<Record<'PATH' | 'LD_LIBRARY_PATH' | 'XTABLES_LIBDIR', string>>;
  /** Absolute path of a program. */
  program(name: Program): string;
}

/** A program that should be in the cache is not. */
export class ProgramMissing extends Error {
  override readonly name = 'ProgramMissing';
}

/** Brings Debian's programs into the cache, once for each list of packages, and says where they are. */
export async function bringDebian(report: (step: string) => void, signal?: AbortSignal): Promise<Debian> {
  const { root, id } = await bringPackages("Debian's Docker, Redis and Caddy", packageSets, report, signal);
  return unpacked(root, id);
}

/**
 * Brings packages of Debian into the cache, once for each list, and says where their tree is. Throws PackagesUnavailable.
 * @param what they are, for whoever waits
 */
export async function bringPackages(
  what: string,
  sets: PackageSets,
  report: (step: string) => void,
  signal?: AbortSignal,
): Promise<{ root: string; id: string }> {
  const id = createHash('sha256')
    .update(JSON.stringify([sets, process.arch]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cacheFolder(), `debian-${id}`);
  if (!existsSync(folder)) {
    report(`downloading ${what} into the cache`);
    await downloadInto(folder, sets, signal);
  }
  return { root: join(folder, 'root'), id };
}

/** Where libraries lie in an unpacked tree. */
export function libraryFolders(root: string): string[] {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return ['usr/lib', 'lib'].map((path) => join(root, path, triplet));
}

/** Put together beside the final name and renamed, so that an interrupted download is never taken for a whole one. */
async function downloadInto(folder: string, sets: PackageSets, signal: AbortSignal | undefined): Promise<void> {
  await removeInterrupted();
  const partial = `${folder}.${process.pid}`;
  try {
    await downloadPackages(partial, sets, signal);
    await rename(partial, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error; // Otherwise another process was faster.
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Removes downloads of processes that are no more. */
async function removeInterrupted(): Promise<void> {
  for (const name of await readdir(cacheFolder()).catch(() => [])) {
    const pid = /^debian-[0-9a-f]+\.(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && identify(Number(pid)) === undefined)
      await rm(join(cacheFolder(), name), { recursive: true, force: true });
  }
}

function unpacked(root: string, id: string): Debian {
  const folders = ['usr/sbin', 'usr/bin', 'sbin', 'bin'].map((path) => join(root, path));
  const environment = {
    PATH: `${folders.join(':')}:${SYSTEM_PATH}`,
    LD_LIBRARY_PATH: libraryFolders(root).join(':'),
    XTABLES_LIBDIR: join(libraryFolders(root)[0] ?? root, 'xtables'),
  };
  const program = (name: Program): string => {
    const found = folders.map((path) => join(path, name)).find((path) => existsSync(path));
    if (found === undefined)
      throw new ProgramMissing(`Debian's ${name} is not in ${root}: remove that folder, and it is downloaded again.`);
    return found;
  };
  return { root, id, environment, program };
}
