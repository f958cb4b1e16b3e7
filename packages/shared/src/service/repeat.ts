import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from './log.ts';
import { within } from './within.ts';

/** Work that heeds its signal returns at once; what waits for a Redis that is away is left behind after this. */
const UNWIND_MS = 2_000;

export interface Repeating extends AsyncDisposable {
  /** Does the work now instead of at the end of the present pause. */
  wake(): void;
}

/**
 * Does `work` at once and then again after each pause of `everyMs`, never twice at the same time. A failure is logged and
 * ends nothing: the next time may be better. Disposing it aborts the work's signal and waits a little for the work to return.
 */
export function repeat(what: string, everyMs: number, work: (signal: AbortSignal) => Promise<unknown>, log: Log): Repeating {
  const stop = new AbortController();
  let bell = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      bell = new AbortController();
      await work(stop.signal).catch((err: unknown) => {
        if (!stop.signal.aborted) log.warn({ err }, `${what} failed; it is tried again.`);
      });
      await pause(everyMs, undefined, { signal: AbortSignal.any([stop.signal, bell.signal]) }).catch(() => undefined);
    }
  };
  const ended = loop();
  return {
    wake: () => bell.abort(),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await within(ended, UNWIND_MS);
    },
  };
}
