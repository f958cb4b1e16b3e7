import { join } from 'node:path';
import type { TestResult } from '@cc-ci/shared/contract/run';
import { scrub } from '@cc-ci/shared/service/scrub';
import { openDoor } from './door.ts';
import { filesOf, type OwnTests, type TestFiles } from './find.ts';
import { ReportUnreadable, readJunit, readReport } from './junit.ts';
import { inSandbox, saidOf, type Testing, tooLong } from './testing.ts';
import { layOut, type Workroom } from './workroom.ts';

/** Automake's word for "not here": a program says so by its exit code. */
const SKIPPED = 77;

type Kind = keyof TestFiles;

/** Runs all usual, or all extra, tests of a recipe against its app, each kind by what it is written for. */
export async function runTests(tests: OwnTests, which: 'usual' | 'extra', testing: Testing): Promise<TestResult[]> {
  const { app, deployer, folder, signal, say } = testing;
  const room = await layOut(folder, tests.folder, testing);
  await using opened = new AsyncDisposableStack();
  if (room.door !== undefined) opened.use(await openDoor({ app, deployer, folder: room.door, signal, say }));
  const files = which === 'usual' ? tests.usual : { ...tests.extra, pytest: [...tests.marked.keys(), ...tests.extra.pytest] };
  const cases: TestResult[] = [];
  if (files.pytest.length > 0) cases.push(...(await reported('pytest', files.pytest, room, which, testing)));
  if (files.vitest.length > 0) cases.push(...(await reported('vitest', files.vitest, room, which, testing)));
  for (const program of files.programs) cases.push(await programmed(program, room, which, testing));
  return cases.length > 0 || which === 'extra' ? cases : [nothingFound(filesOf(files))];
}

/** A suite that tests nothing must not pass for one that found nothing wrong. */
function nothingFound(files: readonly string[]): TestResult {
  const where = files.length === 0 ? 'its folder' : files.join(', ');
  return { name: 'all tests', state: 'fail', said: `no test was found in ${where}` };
}

const commands: Record<Exclude<Kind, 'programs'>, (files: readonly string[]) => string[]> = {
  pytest: (files) => [
    ...['python3', '-m', 'pytest', '-p', 'ccci_pytest', '-p', 'no:cacheprovider', '--rootdir=/tests', '-q'],
    ...['--junitxml=/results/pytest.xml', ...files],
  ],
  vitest: (files) => [
    ...['vitest', 'run', '--root', '/tests', '--config', '/ccci/vitest.config.mjs', '--configLoader', 'runner'],
    ...['--reporter=default', '--reporter=junit', '--outputFile.junit=/results/vitest.xml'],
    // What is not absolute would be a part of a name, and `a.test.ts` is one of `extra/a.test.ts`.
    ...files.map((file) => `/tests/${file}`),
  ],
};

/** pytest's exit code where no test was left to run. */
const NONE_COLLECTED = 5;

async function reported(
  kind: Exclude<Kind, 'programs'>,
  files: readonly string[],
  room: Workroom,
  which: 'usual' | 'extra',
  testing: Testing,
): Promise<TestResult[]> {
  const end = await inSandbox(commands[kind](files), room, which, testing);
  if ('tookTooLong' in end) return [tooLong(kind, end.tookTooLong)];
  const report = await readReport(join(room.results, `${kind}.xml`));
  const broken = { name: kind, state: 'fail', said: saidOf(end, testing) } as const;
  try {
    // Secrets are masked before anybody reads it, and so before it is cut.
    const cases = readJunit(scrub(report ?? '<testsuites/>'));
    const ended = end.exitCode === 0 || (kind === 'pytest' && end.exitCode === NONE_COLLECTED);
    // It ended badly, and yet no test of its report did.
    return ended || cases.some(({ state }) => state === 'fail') ? cases : [...cases, broken];
  } catch (error) {
    if (error instanceof ReportUnreadable) return [{ ...broken, said: error.message }];
    throw error;
  }
}

async function programmed(file: string, room: Workroom, which: 'usual' | 'extra', testing: Testing): Promise<TestResult> {
  const end = await inSandbox([`/tests/${file}`], room, which, testing);
  if ('tookTooLong' in end) return tooLong(file, end.tookTooLong);
  if (end.exitCode === 0) return { name: file, state: 'pass', said: '' };
  return { name: file, state: end.exitCode === SKIPPED ? 'skip' : 'fail', said: saidOf(end, testing) };
}
