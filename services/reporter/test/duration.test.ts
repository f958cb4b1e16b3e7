import { describe, expect, it } from 'vitest';
import { clock, durationRange, tenths } from '../src/render/duration.ts';
import { MINUTE, SECOND, START } from './samples.ts';

describe('a length of time', () => {
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
