import { describe, expect, it, vi } from 'vitest';
import { repeat } from '../../src/service/repeat.ts';
import { memoryLog } from './memory-log.ts';
import { until } from './until.ts';

/** Longer than any test: the next time comes by `wake` alone. */
const LONG_MS = 3_600_000;

describe('repeated work', () => {
  it('is done at once, and again when it is woken', async () => {
    const work = vi.fn(async () => undefined);
    await using repeating = repeat('The work', LONG_MS, work, memoryLog().log);
    await until(() => work.mock.calls.length === 1);
    repeating.wake();
    await until(() => work.mock.calls.length === 2);
  });

  it('goes on after a failure, which is logged', async () => {
    const { log, count } = memoryLog();
    const work = vi.fn(async () => {
      throw new Error('The forge is away.');
    });
    await using _repeating = repeat('The work', 1, work, log);
    await until(() => work.mock.calls.length >= 2);
    expect(count('The work failed; it is tried again.')).toBeGreaterThanOrEqual(1);
  });

  it('is told to stop, and waited for, when it is disposed', async () => {
    let ended = false;
    const repeating = repeat(
      'The work',
      LONG_MS,
      async (signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        ended = true;
      },
      memoryLog().log,
    );
    await repeating[Symbol.asyncDispose]();
    expect(ended).toBe(true);
  });
});
