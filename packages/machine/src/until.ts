import { setTimeout as sleep } from 'node:timers/promises';

/** Something did not become true in its time. */
export class NotInTime extends Error {
  override readonly name = 'NotInTime';
}

/** How often a condition is looked at that no event tells of, in milliseconds: short beside what it waits for, cheap enough to repeat. */
const LOOK_EVERY_MS = 20;

/**
 * Looks until `condition` gives something other than undefined or false, and returns that.
 * Throws {@link NotInTime} with `what` when `withinMs` have passed, and the signal's reason when it is aborted.
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  { withinMs, signal }: { withinMs: number; signal?: AbortSignal | undefined },
): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await condition();
    if (isSomething(seen)) return seen;
    signal?.throwIfAborted();
    if (performance.now() > deadline) throw new NotInTime(`${what} did not happen within ${withinMs / 1000} s.`);
    await sleep(LOOK_EVERY_MS);
  }
}

function isSomething<T>(seen: T): seen is Exclude<T, undefined | false> {
  return seen !== undefined && seen !== false;
}
