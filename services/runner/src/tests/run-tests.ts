import { join } from 'node:path';
import type { App, Deployer, SandboxEnd } from '@cc-ci/deploy/deployer';
import type { TestResult } from '@cc-ci/shared/contract/run';
import type { Settings } from '@cc-ci/shared/contract/settings';
import { scrub } from '@cc-ci/shared/service/scrub';
import type { HostProxy } from '../probe.ts';
import { abortAfter } from '../stop.ts';
import { openDoor } from './door.ts';
import { filesOf, type OwnTests, type TestFiles } from './find.ts';
import { ReportUnreadable, readJunit, readReport } from './junit.ts';
import { environmentOf, layOut, type TestContext, type Workroom } from './workroom.ts';

/** What tests are run with. */
export interface Testing {
  readonly app: App;
  readonly deployer: Pick<Deployer, 'sandbox' | 'exec' | 'logs' | 'copyIn' | 'copyOut'>;
  /** As containers of the app reach it. */
  readonly proxy: HostProxy;
  readonly settings: Settings['tests'];
  /** For everything that tests are given; made anew. */
  readonly folder: string;
  /** The service that people reach, whose network tests share, and the names that it is reached by, the first before the others. */
  readonly service: string;
  readonly names: readonly string[];
  readonly context: TestContext;
  /** Ours. Those of a stranger get no door. */
  readonly trusted: boolean;
  readonly signal: AbortSignal;
  say(sentence: string): void;
}

/** The service that tests stand beside did not run when they were to begin. */
export class NothingToTest extends Error {
  override readonly name = 'NothingToTest';
}

/** Automake's word for "not here": a program says so by its exit code. */
const SKIPPED = 77;
const MEGABYTE = 1024 ** 2;
/** Of what a program says last, as the reason of its failure. */
const LINES_OF_FAILURE = 3;

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

function tooLong(name: string, minutes: number): TestResult {
  return { name, state: 'fail', said: `it took longer than ${minutes} min` };
}

function saidOf({ outOfMemory, exitCode, lines }: SandboxEnd, { settings }: Testing): string {
  if (outOfMemory) return `it needed more than ${settings.memory_mb} MB of memory`;
  return [`it ended with exit code ${exitCode}`, ...lines.slice(-LINES_OF_FAILURE)].join('\n');
}

/** Runs a command beside the app; all that it says goes into the log. Throws NothingToTest. */
async function inSandbox(
  command: readonly string[],
  { mounts }: Workroom,
  which: 'usual' | 'extra',
  { app, deployer, settings, service, names, proxy, context, signal, say }: Testing,
): Promise<SandboxEnd | { readonly tookTooLong: number }> {
  const job = {
    image: settings.toolbox,
    service,
    command,
    mounts,
    environment: environmentOf(context, names[0] ?? '', proxy, which),
    workdir: '/tests',
    memoryBytes: settings.memory_mb * MEGABYTE,
    processes: settings.processes,
  };
  using limit = abortAfter(settings.minutes * 60_000, new Error('The time for tests is over.'));
  try {
    const end = await deployer.sandbox(app, job, AbortSignal.any([signal, limit.signal]));
    if (!end) throw new NothingToTest(`\`${service}\` did not run when its tests were to begin.`);
    for (const line of end.lines) say(line);
    return end;
  } catch (error) {
    signal.throwIfAborted();
    if (limit.signal.aborted) return { tookTooLong: settings.minutes };
    throw error;
  }
}
