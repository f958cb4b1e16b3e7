import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { abortAfter } from '../src/stop.ts';

describe('a limit', () => {
  it('of more than a timer holds is not over at once', async () => {
    using limit = abortAfter(300_000_000_000_000, new Error('over'));
    await pause(20);
    expect(limit.signal.aborted).toBe(false);
  });

  it('is over in time', async () => {
    using limit = abortAfter(5, new Error('over'));
    await pause(50);
    expect(limit.signal.reason).toEqual(new Error('over'));
  });
});
