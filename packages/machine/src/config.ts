import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder for everything that is downloaded, built or running: `CACHE`, else `.cache` in this checkout. */
export function cacheFolder(): string {
  return resolve(process.env['CACHE'] ?? fileURLToPath(new URL('../../../.cache', import.meta.url)));
}

/** Where each machine that may be alive has its record and, while the path is short enough, its folder. */
export function machinesFolder(): string {
  return join(cacheFolder(), 'machines');
}

/** The `PATH` of whoever started us: what a person's shell or a child process would go on using. */
export function inheritedPath(): string {
  return process.env['PATH'] ?? '/usr/bin:/bin';
}
