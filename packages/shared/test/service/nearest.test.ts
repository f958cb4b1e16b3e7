import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/service/nearest.ts';

describe('the word that was meant', () => {
  const known = ['quick', 'extra-tests', 'stages', 'id'];
  it.each([
    ['has two letters swapped', 'qiuck', 'quick'],
    ['is short, and has its letters swapped', 'di', 'id'],
    ['lacks a letter', 'stges', 'stages'],
    ['has a letter too many', 'extra-testss', 'extra-tests'],
    ['is written in capitals', 'QUICK', 'quick'],
    ['is not a word that is merely short', 'xy', undefined],
    ['is none when nothing is near', 'cancel', undefined],
  ])('%s', (_, word, expected) => expect(nearest(word, known)).toBe(expected));

  it('is the nearest of several', () => expect(nearest('stage', ['sage', 'stages', 'image'])).toBe('sage'));
});
