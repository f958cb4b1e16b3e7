import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type LeftOut, readExports } from './abra-sh.ts';
import { readCheckoutFile, unlessMissing } from './checkout-file.ts';
import { type EnvSample, envValues, parseEnvSample, withSettings } from './env-sample.ts';
import type { Overlay } from './overlay.ts';
import { RecipeUnreadable } from './recipe-unreadable.ts';

/** One compose file as the checkout holds it. */
export interface ComposeSource {
  /** Relative to the checkout. */
  readonly file: string;
  readonly text: string;
}

/** What cc-ci itself sets for the app of a run, from its own `tests/<recipe>/`; empty for most recipes. */
export interface RunSettings {
  /** Set over the sample's assignments; `$X` unfolds as in them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Values of secrets that a random one will not do for, by their names in the compose file. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Laid over the merged compose files. */
  readonly overlay?: Overlay | undefined;
}

/** A Co-op Cloud recipe as one checkout holds it; nothing of it was run. */
export interface Recipe {
  readonly name: string;
  /** The checkout: absolute, symlinks resolved. */
  readonly folder: string;
  /** Relative to the checkout, in the order of COMPOSE_FILE; each lies inside the checkout after symlinks. */
  readonly composeFiles: readonly string[];
  /** The text of each of `composeFiles`, in the same order. */
  readonly sources: readonly ComposeSource[];
  readonly sample: EnvSample;
  /** What cc-ci sets over the sample, see `recipe.yml`. */
  readonly settings: RunSettings;
  /** `export NAME=value` of abra.sh, read without running it. */
  readonly exports: Readonly<Record<string, string>>;
  /** Exports that only a shell could evaluate. */
  readonly exportsLeftOut: readonly LeftOut[];
  /** `release/<version>`: notes for operators by version; `next` collects those of the coming one. */
  readonly releaseNotes: Readonly<Record<string, string>>;
}

/**
 * Reads a recipe from its checkout. With `configured`, the sample that an app was installed from before, the app is configured by
 * that one, as operators keep their `.env` over an upgrade; the checkout's own must be readable all the same.
 * Throws RecipeUnreadable.
 */
export async function readRecipe(
  folder: string,
  name: string,
  { settings = { environment: {} }, configured }: { settings?: RunSettings; configured?: EnvSample } = {},
): Promise<Recipe> {
  const checkout = await realpath(folder);
  const sampleText = await readCheckoutFile(checkout, '.env.sample');
  if (sampleText === undefined) {
    throw new RecipeUnreadable({
      file: '.env.sample',
      problem: 'the file is missing, and no app can be configured without it',
      remedy: 'Add it with at least `TYPE` and `DOMAIN`.',
    });
  }
  const own = parseEnvSample(sampleText);
  const sample = configured ?? own;
  const sources = await readComposeFiles(checkout, sample, settings);
  const { exports, leftOut } = readExports((await readCheckoutFile(checkout, 'abra.sh')) ?? '');
  return {
    name,
    folder: checkout,
    composeFiles: sources.map(({ file }) => file),
    sources,
    sample,
    settings,
    exports,
    exportsLeftOut: leftOut,
    releaseNotes: await readReleaseNotes(checkout),
  };
}

async function readComposeFiles(checkout: string, sample: EnvSample, { environment }: RunSettings): Promise<ComposeSource[]> {
  const named = (envValues(withSettings(sample, environment))['COMPOSE_FILE'] ?? '').split(':').filter((file) => file !== '');
  const ours = Object.hasOwn(environment, 'COMPOSE_FILE');
  const line = ours ? undefined : sample.entries.findLast(({ key }) => key === 'COMPOSE_FILE')?.line;
  const files = named.length > 0 ? named : ['compose.yml'];
  return await Promise.all(
    files.map(async (file) => {
      const namedBy = line === undefined ? { file } : { file: '.env.sample', line };
      const text = await readCheckoutFile(checkout, file, namedBy);
      if (text !== undefined) return { file, text };
      const problem =
        line === undefined ? 'the file is missing' : `\`COMPOSE_FILE\` names \`${file}\`, which is not in the recipe`;
      throw new RecipeUnreadable({ ...namedBy, problem, remedy: 'Add the file, or correct its name in `COMPOSE_FILE`.' });
    }),
  );
}

async function readReleaseNotes(checkout: string): Promise<Record<string, string>> {
  const found = (await readdir(join(checkout, 'release'), { withFileTypes: true }).catch(unlessMissing)) ?? [];
  const versions = found.filter((entry) => !entry.name.startsWith('.') && !entry.isDirectory()).map((entry) => entry.name);
  const notes = await Promise.all(
    versions.map(async (version) => [version, (await readCheckoutFile(checkout, join('release', version))) ?? ''] as const),
  );
  return Object.fromEntries(notes);
}
