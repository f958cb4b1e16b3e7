import { describe, expect, it } from 'vitest';
import { duration } from '../../src/service/duration.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

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
});
