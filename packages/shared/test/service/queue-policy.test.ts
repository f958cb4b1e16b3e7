import { describe, expect, it } from 'vitest';
import { ATTEMPTS_FOR_A_DAY, queuePolicies, retryDelayMs } from '../../src/service/queue-policy.ts';
import { reconnectDelayMs, risksOf } from '../../src/service/redis.ts';

describe('the pause before a job is tried again', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [6, 30_000],
    [5_000, 30_000],
  ])('after attempt %i is %i ms', (attempts, ms) => expect(retryDelayMs(attempts, 0.5)).toBe(ms));

  it('is spread by a fifth to both sides', () => {
    expect([retryDelayMs(1, 0), retryDelayMs(1, 1)]).toEqual([800, 1_200]);
  });

  it('adds up to a day, and not to much more', () => {
    const pauses = Array.from({ length: ATTEMPTS_FOR_A_DAY - 1 }, (_, index) => retryDelayMs(index + 1, 0.5));
    const hours = pauses.reduce((sum, ms) => sum + ms, 0) / 3_600_000;
    expect(hours).toBeGreaterThanOrEqual(24);
    expect(hours).toBeLessThan(24.1);
  });
});

describe('a run', () => {
  it('is never run again by the queue, only by the lease in its record', () => {
    expect(queuePolicies.runs).toMatchObject({ jobs: { attempts: 1 }, maxStalledCount: 0 });
  });
});

describe('the pause before Redis is tried again', () => {
  it.each([
    [1, 50],
    [2, 100],
    [6, 1_600],
    [7, 2_000],
    [10_000, 2_000],
  ])('before attempt %i is %i ms', (attempt, ms) => expect(reconnectDelayMs(attempt)).toBe(ms));
});

describe('the risks of a Redis', () => {
  it.each([
    ['are none when it keeps everything', 'maxmemory_policy:noeviction\r\naof_enabled:1\r\n', []],
    ['are named when it evicts', 'maxmemory_policy:allkeys-lru\r\naof_enabled:1\r\n', [expect.stringContaining('allkeys-lru')]],
    ['are named when it forgets', 'maxmemory_policy:noeviction\r\naof_enabled:0\r\n', [expect.stringContaining('appendonly')]],
  ])('%s', (_, info, expected) => expect(risksOf(info)).toEqual(expected));
});
