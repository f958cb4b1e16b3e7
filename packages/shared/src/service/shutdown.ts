import { constants } from 'node:os';
import { describe, exitCodeOf, exitCodes } from './errors.ts';
import { scrub } from './scrub.ts';

/**
 * The life of one process. `opened` takes everything that has to be closed; `stop` is aborted when the process is told to
 * stop, and whatever waits in here has to heed it. A number is the exit code of a process that is done; undefined: it stays
 * until it is told to stop. A throw closes what was opened, is said, and ends the process with the error's exit code.
 */
export type Start = (opened: AsyncDisposableStack, stop: AbortSignal) => Promise<number | undefined>;

export interface StopOptions {
  /** Closing everything may take this long; then the process ends with what is left open. */
  readonly graceMs?: number;
  /** Nobody has to stop this process: being stopped before its end is then no success, and told by the exit code, 128 + signal. */
  readonly endsByItself?: boolean;
  /** Tells the person who started the process; on stderr unless given. */
  readonly say?: (text: string) => void;
}

/** What shells add to the number of the signal that ended a process. */
const SIGNAL_EXIT = 128;
const GRACE_MS = 20_000;
/** What remains of the grace after somebody has asked a second time. */
const HASTENED_MS = 2_000;
/** One Ctrl-C reaches a process twice: from the terminal, and from the npm that passes it on. */
const SAME_KEYSTROKE_MS = 500;

/**
 * Starts the process, waits for SIGTERM, SIGINT or SIGHUP, closes what was opened, last opened first, and exits: 0 when
 * that went well. One deadline holds for all of it, because clients of a Redis that is away can wait for ever. A second signal, when
 * it is not the echo of the first, hastens the end. An error that nobody caught ends the process the same way, with 1.
 *
 * Of our own instead of close-with-grace, which exits at once on a second signal: then every Ctrl-C under npm would skip
 * the clean-up.
 */
export async function untilStopped(
  start: Start,
  { graceMs = GRACE_MS, endsByItself = false, say = onStderr }: StopOptions = {},
): Promise<never> {
  const opened = new AsyncDisposableStack();
  const stop = new AbortController();
  const stopped = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve(), { once: true }));
  let exitCode: number = exitCodes.ok;
  let firstSignalAt: number | undefined;
  let interrupted: number = exitCodes.ok;
  let deadline: NodeJS.Timeout | undefined;
  let endsAt = Number.POSITIVE_INFINITY;

  /** Sets the deadline, or brings it forward. Never puts it off, however often somebody presses Ctrl-C: then it is false. */
  const endWithin = (ms: number): boolean => {
    const at = performance.now() + ms;
    if (at >= endsAt) return false;
    endsAt = at;
    clearTimeout(deadline);
    deadline = setTimeout(() => {
      say('Not everything could be closed in time; ending all the same.');
      process.exit(exitCodes.failed);
    }, ms);
    return true;
  };
  const fail = (error: unknown): void => {
    if (exitCode === exitCodes.ok) exitCode = exitCodeOf(error);
    say(scrub(described(error)));
    beginStop();
  };
  const beginStop = (): void => {
    if (stop.signal.aborted) return;
    endWithin(graceMs);
    stop.abort();
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (firstSignalAt === undefined) {
      firstSignalAt = now;
      if (endsByItself) interrupted = SIGNAL_EXIT + constants.signals[signal];
      say(`Stopping (${signal}).`);
      beginStop();
    } else if (now - firstSignalAt > SAME_KEYSTROKE_MS) {
      if (endWithin(HASTENED_MS)) say(`Stopping at once (${signal} again).`);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.on('uncaughtException', fail);
  // Whoever read what we say has left, as `head` does: that is a word to stop, and nobody is there to hear of it.
  process.stdout.on('error', beginStop);
  // A terminal that is gone must not keep anything from being closed: saying so would fail again, and again.
  process.stderr.on('error', () => undefined);

  await start(opened, stop.signal).then(
    async (code) => {
      if (code === undefined) await stopped;
      else exitCode = code;
    },
    (error: unknown) => {
      if (stop.signal.aborted && isOfStop(error)) exitCode = interrupted;
      else fail(error);
    },
  );
  beginStop();
  await opened.disposeAsync().catch(fail);
  process.exit(exitCode);
}

/** Whether an error only says that somebody was told to stop: we, or a program of ours, which the terminal tells as well. */
function isOfStop(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const endedBySignal = 'signal' in error && typeof error.signal === 'string';
  return error.name === 'AbortError' || endedBySignal || isOfStop(error.cause);
}

/** An error that was foreseen has an exit code and needs no stack. */
function described(error: unknown): string {
  const foreseen = error instanceof Error && 'exitCode' in error;
  return foreseen || !(error instanceof Error) ? describe(error) : `${describe(error)}\n${error.stack ?? ''}`;
}

function onStderr(text: string): void {
  process.stderr.write(`${text}\n`);
}
