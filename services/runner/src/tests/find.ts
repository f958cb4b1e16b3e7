import { constants } from 'node:fs';
import { access, lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Tier } from '@cc-ci/shared/contract/glossary';
import { HOOKS, OPS } from './hooks.ts';
import { OVERLAY, RECIPE_YML } from './own-settings.ts';

/** Test files by what runs them, relative to their folder, in order of name. */
export interface TestFiles {
  readonly pytest: readonly string[];
  readonly vitest: readonly string[];
  /** Executables: one test each, red unless they end with 0. */
  readonly programs: readonly string[];
}

/** cc-ci's own tests of one recipe. */
export interface OwnTests {
  /** Absolute. */
  readonly folder: string;
  /** What runs every time. Among pytest's there may be tests marked `extra`. */
  readonly usual: TestFiles;
  /** What runs when it is asked for: in a folder `extra`, or named `….extra.…`. */
  readonly extra: TestFiles;
  /** Tests among the usual files that carry pytest's mark `extra`, by file. */
  readonly marked: ReadonlyMap<string, number>;
  /** pytest's files that run right after a step of this name, and belong to it. */
  readonly ofSteps: Readonly<Partial<Record<Tier, string>>>;
  /** There are settings, hooks or tests of steps beside them: a folder may be there for those alone. */
  readonly hasMore: boolean;
}

/** A file that looks like a test and would never run. Ours, since these tests are. */
export class TestMisplaced extends Error {
  override readonly name = 'TestMisplaced';
  constructor(file: string) {
    super(`${file} is named like a test and is not executable: make it so (chmod +x), or name it otherwise.`);
  }
}

/** Steps that may have tests of their own, `test_<step>.py` at the top of the folder: they change the app, and later ones see no trace. */
const withTests = ['install', 'upgrade', 'backup', 'restore'] as const;

/** Folders without tests of ours. */
const passedOver = new Set(['node_modules', '__pycache__']);

/** The steps that run tests: cc-ci's own, the recipe's own, and cc-ci's heavy ones. */
export type TestTier = 'custom' | 'local' | 'extra';

/**
 * The tests in the recipe's own `tests/`; undefined where it has none. A link there leads nowhere that is looked at: it may lead
 * out of the checkout. Throws TestMisplaced.
 */
export async function findLocalTests(checkout: string): Promise<OwnTests | undefined> {
  const folder = join(checkout, 'tests');
  const isFolder = await lstat(folder).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
  return isFolder ? await findTests(folder, { ofSteps: false }) : undefined;
}

/**
 * The tests below a folder; undefined where there is no such folder. Throws TestMisplaced.
 * @param ofSteps whether there may be tests that belong to a step; else they are like all others
 */
export async function findTests(folder: string, { ofSteps: mayBeOfSteps = true } = {}): Promise<OwnTests | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!entries) return undefined;
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
  const wanted = paths.filter((path) => !path.split('/').some((part) => part.startsWith('.') || passedOver.has(part)));
  const steps = mayBeOfSteps ? withTests.filter((step) => wanted.includes(`test_${step}.py`)) : [];
  const ofSteps = Object.fromEntries(steps.map((step) => [step, `test_${step}.py`]));
  const aside = new Set(Object.values(ofSteps));
  const kinds = await Promise.all(wanted.toSorted().map(async (path) => ({ path, kind: await kindOf(folder, path) })));
  const files = (extra: boolean): TestFiles => {
    const of = (kind: keyof TestFiles): string[] =>
      kinds.filter((each) => each.kind === kind && isExtra(each.path) === extra && !aside.has(each.path)).map(({ path }) => path);
    return { pytest: of('pytest'), vitest: of('vitest'), programs: of('programs') };
  };
  const usual = files(false);
  const hasMore = [RECIPE_YML, OVERLAY, OPS, HOOKS, ...aside].some((file) => paths.includes(file));
  return { folder, usual, extra: files(true), marked: await markedIn(folder, usual.pytest), ofSteps, hasMore };
}

/** How many extra tests there are, as far as can be told without running them: files, and tests that are marked. */
export function extraCount({ extra, marked }: OwnTests): number {
  return filesOf(extra).length + [...marked.values()].reduce((sum, count) => sum + count, 0);
}

async function markedIn(folder: string, files: readonly string[]): Promise<Map<string, number>> {
  const counted = await Promise.all(
    files.map(async (file): Promise<[string, number]> => {
      const text = await readFile(join(folder, file), 'utf8');
      return [file, text.match(/^[ \t]*@pytest\.mark\.extra\b/gm)?.length ?? 0];
    }),
  );
  return new Map(counted.filter(([, count]) => count > 0));
}

/** All files of these tests. */
export function filesOf({ pytest, vitest, programs }: TestFiles): string[] {
  return [...pytest, ...vitest, ...programs];
}

function isExtra(path: string): boolean {
  return path.split('/').slice(0, -1).includes('extra') || path.includes('.extra.');
}

async function kindOf(folder: string, path: string): Promise<keyof TestFiles | undefined> {
  const name = path.split('/').at(-1) ?? '';
  if (/^test_.*\.py$|_test\.py$/.test(name)) return 'pytest';
  if (/\.test\.[cm]?[jt]sx?$/.test(name)) return 'vitest';
  if (!/^test[-_.]/.test(name)) return undefined;
  const isExecutable = await access(join(folder, path), constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isExecutable) throw new TestMisplaced(path);
  return 'programs';
}
