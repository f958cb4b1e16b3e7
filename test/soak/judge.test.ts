import { describe, expect, it } from 'vitest';
import { courses, FEWEST_READINGS } from './judge.ts';

/** The course of one thing that is read as often as it has to be at the least. @param at its value at the n-th reading, from 1 */
function courseOf(name: string, at: (reading: number) => number) {
  const readings = Array.from({ length: FEWEST_READINGS }, (_, index) => ({
    runs: 8 * (index + 1),
    values: { [name]: at(index + 1) },
  }));
  return courses(readings, (read) => read.endsWith('memory'))[0];
}

describe('what a soak finds', () => {
  it.each<[string, string, (reading: number) => number, boolean]>([
    ['one thing lost with each reading', 'networks', (reading) => reading, true],
    ['one thing lost in the whole soak', 'networks', (reading) => (reading > 9 ? 4 : 3), true],
    ['what stays as it is', 'networks', () => 3, false],
    ['what goes up and down', 'handles', (reading) => 20 + (reading % 3), false],
    ['what is filled once at the beginning', 'handles', (reading) => (reading <= 3 ? reading : 9), false],
    ['what becomes less', 'handles', (reading) => 100 - reading, false],
    ['bytes that creep within their noise', 'memory', (reading) => 1_000 + reading, false],
    ['bytes that are lost with each reading', 'memory', (reading) => 1_000 + 20 * reading, true],
  ])('of %s', (_, name, at, grew) => {
    expect(courseOf(name, at)).toMatchObject({ name, grew });
  });

  it('is the median of the first and of the last third, the warm-up left out', () => {
    expect(courseOf('handles', (reading) => (reading <= 3 ? 1_000 : reading))).toMatchObject({ early: 6, late: 14 });
  });
});
