import { readdir } from 'node:fs/promises';
import { join, normalize, relative } from 'node:path';
import { readCheckoutFile } from '../checkout-file.ts';
import type { Recipe } from '../recipe.ts';
import { RecipeUnreadable } from '../recipe-unreadable.ts';
import { type ComposeFile, parseComposeFile } from './compose-file.ts';
import type { Tree } from './lint.ts';

/** The largest known recipe has 19. */
const MOST_FILES = 200;

/** Reads of a checkout what lint looks at. Throws only where the disk fails. */
export async function readTree(recipe: Recipe): Promise<Tree> {
  const { folder } = recipe;
  const read = await Promise.all((await composeFilesIn(folder)).map((file) => readComposeFile(folder, file)));
  const files = read.flatMap((each) => (each instanceof RecipeUnreadable ? [] : [each]));
  const paths = new Set(files.flatMap(({ configs }) => [...configs.values()].flatMap(({ file }) => file ?? [])));
  const texts = await Promise.all(
    [...paths].map(async (path): Promise<[string, string][]> => {
      const text = await textOrNothing(folder, path);
      return text === undefined ? [] : [[path, text]];
    }),
  );
  return {
    recipe,
    files,
    unreadable: read.flatMap((each) => (each instanceof RecipeUnreadable ? [each] : [])),
    texts: new Map(texts.flat()),
    readme: await textOrNothing(folder, 'README.md'),
    hasSubmodules: (await textOrNothing(folder, '.gitmodules')) !== undefined,
    hasLargeFiles: /\bfilter=lfs\b/.test((await textOrNothing(folder, '.gitattributes')) ?? ''),
  };
}

/** Every compose file of the tree, `compose.yml` first. */
async function composeFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter(({ name }) => /^compose.*\.ya?ml$/.test(name))
    .map(({ parentPath, name }) => normalize(join(relative(folder, parentPath), name)))
    .filter((path) => !path.startsWith('.git/'));
  const isBase = (path: string): number => Number(path === 'compose.yml');
  return paths.toSorted((a, b) => isBase(b) - isBase(a) || (a < b ? -1 : 1)).slice(0, MOST_FILES);
}

async function readComposeFile(folder: string, file: string): Promise<ComposeFile | RecipeUnreadable> {
  try {
    return parseComposeFile((await readCheckoutFile(folder, file)) ?? '', file);
  } catch (error) {
    if (error instanceof RecipeUnreadable) return error;
    throw error;
  }
}

/** Whatever is wrong with the file is not lint's to say. */
async function textOrNothing(folder: string, path: string): Promise<string | undefined> {
  try {
    return await readCheckoutFile(folder, path);
  } catch (error) {
    if (error instanceof RecipeUnreadable) return undefined;
    throw error;
  }
}
