import type { Wish } from '@cc-ci/shared/contract/run';

/*
 * Why an attempt stops before its tests have ended. All of them take the same way out: the signal of the attempt is aborted
 * with one of these as its reason, what happened is recorded, and the clean-up follows with time of its own.
 */

/** The whole run took longer than it may. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
  readonly minutes: number;
  constructor(minutes: number) {
    super(`The run did not end within ${minutes} minutes.`);
    this.minutes = minutes;
  }
}

/** This runner was told to stop. */
export class RunnerStopped extends Error {
  override readonly name = 'RunnerStopped';
  constructor(host: string) {
    super(`The runner on ${host} was stopped.`);
  }
}

/** This runner may no longer write about the run: it was silent for too long, or another attempt has begun. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  constructor(why: string) {
    super(`The runner lost its hold on the run: ${why}.`);
  }
}

/** Somebody wants the run to stop. */
export class StopWished extends Error {
  override readonly name = 'StopWished';
  readonly stop: Wish['stop'];
  constructor({ stop, why, by }: Wish) {
    super(why === 'closed' ? `The pull request was closed (${stop}).` : `${by ?? 'Somebody'} wants the run to stop (${stop}).`);
    this.stop = stop;
  }
}

/** Node fires a timer at once that is asked for more than this, 24 days, and a recipe may ask for any time. Milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A signal that is aborted with `reason` after `ms` milliseconds; disposing it takes the timer back. */
export function abortAfter(ms: number, reason: Error): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(reason), Math.min(ms, LONGEST_TIMER_MS));
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}
