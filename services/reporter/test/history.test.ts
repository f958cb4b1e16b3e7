import { describe, expect, it } from 'vitest';
import { leftWords, usualOf, usualWords } from '../src/history.ts';
import { attempt, ended, MINUTE, request, run, START } from './samples.ts';

function passedIn(minutes: number, recipe = 'hedgedoc') {
  return ended('passed', { endedAt: START + minutes * MINUTE, attempts: [attempt()], request: request({ recipe }) });
}

describe('what is usual for a recipe', () => {
  it('comes from its own runs that passed', () => {
    const recent = [passedIn(4), passedIn(30, 'ghost'), ended('failed'), run(), passedIn(6)];
    expect(usualOf('hedgedoc', recent)).toEqual({ shortest: 4 * MINUTE, longest: 6 * MINUTE, count: 2 });
  });

  it('comes from its last five runs', () => {
    expect(usualOf('hedgedoc', [...[1, 2, 3, 4, 5].map((minutes) => passedIn(minutes)), passedIn(60)])?.longest).toBe(5 * MINUTE);
  });

  it('is not known of a recipe that never passed', () => expect(usualOf('hedgedoc', [ended('failed')])).toBeUndefined());

  it('is said as one time when there is only one', () => {
    expect(usualWords({ shortest: 4 * MINUTE, longest: 4 * MINUTE, count: 1 })).toBe('last time 4 min');
  });

  it('is said as a range', () => {
    expect(usualWords({ shortest: 4 * MINUTE, longest: 6 * MINUTE, count: 3 })).toBe('usually 4 to 6 min here');
  });
});

describe('what is left of a run', () => {
  const usual = { shortest: 4 * MINUTE, longest: 6 * MINUTE, count: 3 };
  it.each([
    [0, '4 to 6 min left'],
    [3 * MINUTE, '1 to 3 min left'],
    [6 * MINUTE, undefined],
  ])('after %i ms is %s', (elapsed, words) => expect(leftWords(usual, elapsed)).toBe(words));
});
