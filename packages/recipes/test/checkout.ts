import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A file's text, or where a symlink of that name leads. */
type Files = Readonly<Record<string, string | Uint8Array | { readonly linkTo: string }>>;

/** A checkout with these files, in a folder that goes away with the test. */
export async function checkout(files: Files): Promise<string> {
  const above = await realpath(await mkdtemp(join(tmpdir(), 'recipe-')));
  onTestFinished(() => rm(above, { recursive: true, force: true }));
  // One level down, so that `..` leads to a folder of the test's own.
  const folder = join(above, 'checkout');
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    if (typeof content === 'object' && 'linkTo' in content) await symlink(content.linkTo, path);
    else await writeFile(path, content);
  }
  return folder;
}
