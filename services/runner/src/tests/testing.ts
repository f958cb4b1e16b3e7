import type { App, Deployer, SandboxEnd } from '@cc-ci/deploy/deployer';
import type { TestResult } from '@cc-ci/shared/contract/run';
import type { Settings } from '@cc-ci/shared/contract/settings';
import type { HostProxy } from '../probe.ts';
import { abortAfter } from '../stop.ts';
import { environmentOf, type TestContext, type Workroom } from './workroom.ts';

const MEGABYTE = 1024 ** 2;
/** Of what a program says last, as the reason of its failure. */
const LINES_OF_FAILURE = 3;

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

/** Runs a command beside the app; all that it says goes into the log. Throws NothingToTest. */
export async function inSandbox(
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

/** Of tests that were stopped. */
export function tooLong(name: string, minutes: number): TestResult {
  return { name, state: 'fail', said: `it took longer than ${minutes} min` };
}

/** Why something ended badly: its exit code, and its last words. */
export function saidOf({ outOfMemory, exitCode, lines }: SandboxEnd, { settings }: Testing): string {
  if (outOfMemory) return `it needed more than ${settings.memory_mb} MB of memory`;
  return [`it ended with exit code ${exitCode}`, ...lines.slice(-LINES_OF_FAILURE)].join('\n');
}
