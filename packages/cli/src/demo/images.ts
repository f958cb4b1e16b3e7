import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { StandInImage } from '@cc-ci/machine/image';
import { busyboxImage, caddyImage, nginxImage, redisImage } from '@cc-ci/machine/image-bases';
import { toolboxImage } from '@cc-ci/machine/toolbox-image';

/**
 * The images of the demo: Debian's programs under the names that recipes pull. Besides those of its own recipes there are
 * the usual tags of nginx, redis, caddy, busybox and alpine, so that a recipe of one's own finds something to run.
 */
export async function demoImages(): Promise<StandInImage[]> {
  const file = (path: string): Promise<string> => readFile(fileURLToPath(new URL(`../../demo/${path}`, import.meta.url)), 'utf8');
  return [
    toolboxImage(),
    { from: nginxImage, references: tagged('nginx', ['stable', 'mainline'], ['1.25', '1.26', '1.27', '1.28', '1.29']) },
    { from: redisImage, references: tagged('redis', ['6', '7', '8'], ['7.0', '7.2', '7.4', '8.0']) },
    { from: caddyImage, references: tagged('caddy', ['2'], ['2.8', '2.9', '2.10']) },
    {
      from: busyboxImage,
      references: [...tagged('busybox', ['1'], ['1.36', '1.37']), ...tagged('alpine', ['3'], ['3.20', '3.21', '3.22'])],
    },
    {
      from: redisImage,
      references: ['1.4.0', '1.5.0'].map((tag) => `ghcr.io/demo/guestbook:${tag}`),
      files: {
        '/srv/www/cgi-bin/entries': await file('guestbook-image/cgi-bin/entries'),
        '/srv/www/index.html': await file('guestbook-image/index.html'),
      },
      entrypoint: ['busybox', 'httpd', '-f', '-p', '8080', '-h', '/srv/www', '-c', '/etc/httpd.conf'],
      expose: ['8080/tcp'],
      volumes: [],
    },
  ];
}

/** Patch releases of a minor one that exist here: 0 to 5. */
const PATCHES = ['0', '1', '2', '3', '4', '5'];

/** `latest`, these names, and these minor versions with their patch releases; each also as `-alpine`. */
function tagged(name: string, names: readonly string[], minors: readonly string[]): string[] {
  const patches = minors.flatMap((minor) => PATCHES.map((patch) => `${minor}.${patch}`));
  const tags = [...names, ...minors, ...patches];
  return ['latest', 'alpine', ...tags, ...tags.map((tag) => `${tag}-alpine`)].map((tag) => `library/${name}:${tag}`);
}
