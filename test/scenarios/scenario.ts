import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tiers, verdicts } from '@cc-ci/shared/contract/glossary';
import { Cause, StepState } from '@cc-ci/shared/contract/run';
import { parse } from 'yaml';
import { z } from 'zod';

/** `expected.yaml`: what is done with a recipe, and how its run has to end. */
const Expected = z.strictObject({
  /** What it is about, for people. */
  about: z.string(),
  /** The comment. */
  asks: z.string().default('!testme'),
  /** The tag of what is in `base/`. */
  release: z.string().optional(),
  verdict: z.enum(verdicts),
  /** null: none, since only a part was asked for. */
  level: z.int().nullable(),
  amber: z.boolean().optional(),
  /** What the upgrade has to start from. */
  base: z.string().optional(),
  cause: z
    .strictObject({
      tier: Cause.shape.tier,
      fault: Cause.shape.fault,
      /** A part of it. */
      sentence: z.string(),
    })
    .optional(),
  /** Of those named; the others may be as they are. */
  steps: z.partialRecord(z.enum(tiers), StepState).default({}),
  /** A part of the comment, without its escapes. */
  says: z.string().optional(),
  /** Nothing may have been made on the host. */
  nothing: z.boolean().default(false),
});

/** A recipe, what is done with it, and how that ends. */
export interface Scenario extends z.infer<typeof Expected> {
  readonly name: string;
  /** `recipe/`: the commit under test; where there is a `base/`, what it changes there. */
  readonly recipe: string;
  /** `base/`: what is on the main branch; undefined where the recipe is new. */
  readonly before: string | undefined;
  /** `tests/`: cc-ci's own tests of the recipe. */
  readonly tests: string | undefined;
}

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** All scenarios, by name. Throws where an `expected.yaml` is not as it should be. */
export async function readScenarios(): Promise<Scenario[]> {
  const entries = await readdir(FOLDER, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return await Promise.all(names.toSorted().map(readScenario));
}

async function readScenario(name: string): Promise<Scenario> {
  const at = (path: string): string => join(FOLDER, name, path);
  const read = Expected.safeParse(parse(await readFile(at('expected.yaml'), 'utf8')));
  if (!read.success) throw new Error(`test/scenarios/${name}/expected.yaml: ${z.prettifyError(read.error)}`);
  const folder = (path: string): string | undefined => (existsSync(at(path)) ? at(path) : undefined);
  return { ...read.data, name, recipe: at('recipe'), before: folder('base'), tests: folder('tests') };
}
