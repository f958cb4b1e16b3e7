import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('scripted-abra.mjs', import.meta.url));

/** Writes an executable that behaves like an abra to which this goes wrong, if anything. @returns its path */
export async function scriptedAbra(folder: string, dockerCli: string, wrong = 'nothing'): Promise<string> {
  const path = join(folder, `abra-${wrong.replaceAll(' ', '-')}`);
  await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' '${SCRIPT}' '${wrong}' '${dockerCli}' "$@"\n`);
  await chmod(path, 0o755);
  return path;
}
