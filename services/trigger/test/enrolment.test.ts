import { describe, expect, it } from 'vitest';
import { isEnrolled } from '../src/enrolment.ts';

const hedgedoc = { owner: 'coop', name: 'hedgedoc' };
const all = { owners: ['coop'], include: [], exclude: [] };

describe('a repository', () => {
  it.each([
    ['is enrolled with its owner', all, hedgedoc, true],
    ['is enrolled whatever the case of its name', { ...all, owners: ['Coop'] }, { owner: 'coop', name: 'HedgeDoc' }, true],
    ['is enrolled when it is on the list', { ...all, include: ['Coop/HedgeDoc'] }, hedgedoc, true],
    ['is not enrolled when others are on the list', { ...all, include: ['coop/ghost'] }, hedgedoc, false],
    ['is not enrolled when it is left out', { ...all, exclude: ['coop/hedgedoc'] }, hedgedoc, false],
    [
      'is not enrolled when it is both on the list and left out',
      { ...all, include: ['coop/hedgedoc'], exclude: ['coop/hedgedoc'] },
      hedgedoc,
      false,
    ],
    [
      'is not enrolled when it is of another owner, even if listed',
      { ...all, include: ['other/hedgedoc'] },
      { owner: 'other', name: 'hedgedoc' },
      false,
    ],
  ])('%s', (_, enrol, repository, expected) => {
    expect(isEnrolled(enrol, repository)).toBe(expected);
  });
});
