import { describe, expect, it } from 'vitest';
import { clock, duration, durationRange, tenths } from '../src/render/duration.ts';
import { MINUTE, SECOND, START } from './samples.ts';

describe('a length of time', () => {
  it.each([
    [0, '0 s'],
    [400, '0 s'],
    [48 * SECOND, '48 s'],
    [59_600, '1 min'],
    [161 * SECOND, '2 min 41 s'],
    [3 * MINUTE, '3 min'],
    [65 * MINUTE, '1 h 5 min'],
    [2 * 60 * MINUTE, '2 h'],
  ])('of %i ms is said as %s', (ms, words) => expect(duration(ms)).toBe(words));

  it('is said to the tenth where that is meant', () => expect(tenths(4_120)).toBe('4.1 s'));
});

describe('a range of times', () => {
  it.each([
    [20 * SECOND, 48 * SECOND, '20 to 48 s'],
    [48 * SECOND, 48 * SECOND, '48 s'],
    [4 * MINUTE, 5.5 * MINUTE, '4 to 6 min'],
    [10 * SECOND, 3 * MINUTE, '1 to 3 min'],
    [4 * MINUTE, 4 * MINUTE, '4 min'],
  ])('from %i to %i ms is said as %s', (from, to, words) => expect(durationRange(from, to)).toBe(words));
});

it('says the time of day in UTC', () => expect(clock(START)).toBe('14:00 UTC'));
