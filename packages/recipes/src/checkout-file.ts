import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { RecipeUnreadable } from './recipe-unreadable.ts';

/** Ten times what the longest files of real recipes have, and little enough to be read in a moment whatever is in it. */
const MAX_BYTES = 256_000;

/** Whether a real path lies in the checkout. `.git` does not count: it holds what the clone was made with. */
export function insideCheckout(checkout: string, path: string): boolean {
  const git = join(checkout, '.git');
  return (path === checkout || path.startsWith(checkout + sep)) && path !== git && !path.startsWith(git + sep);
}

/** Who names the file, for the error. */
export interface NamedBy {
  readonly file: string;
  readonly line?: number | undefined;
}

/**
 * The text of a file of the checkout (absolute, symlinks resolved), or undefined where nothing is there.
 * Throws RecipeUnreadable for what leads out of the checkout, is no plain text, or is larger than any recipe needs.
 */
export async function readCheckoutFile(
  checkout: string,
  path: string,
  namedBy: NamedBy = { file: path },
): Promise<string | undefined> {
  const wanted = resolve(checkout, path);
  const real = await realpath(wanted).catch(unlessMissing);
  if (!insideCheckout(checkout, real ?? wanted)) {
    throw new RecipeUnreadable({
      ...namedBy,
      problem: `\`${path}\` leads out of the recipe`,
      remedy: 'Only files of the recipe itself are read; put the file into the recipe.',
    });
  }
  if (real === undefined) return undefined;
  const facts = await stat(real);
  if (!facts.isFile() || facts.size > MAX_BYTES) {
    const problem = facts.isFile() ? `\`${path}\` has more than ${MAX_BYTES / 1000} kB` : `\`${path}\` is not a file`;
    throw new RecipeUnreadable({ ...namedBy, problem, remedy: 'Put a text file of ordinary size there.' });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(real));
  } catch (cause) {
    throw new RecipeUnreadable({ ...namedBy, problem: `\`${path}\` is not UTF-8 text`, remedy: 'Save it as UTF-8.' }, { cause });
  }
}

const missing = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/** To be given to `catch`: undefined where nothing is there, which includes symlinks that lead nowhere. */
export function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && missing.has(String(error.code))) return undefined;
  throw error;
}
