import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, newest, newestOlderThan, parseVersion } from '../src/versions.ts';

describe('a recipe version', () => {
  it.each(['1.2.0+3.4.5', '2.0.1+1.0.6-social-amd64', '1.0.0+1', '0.1.0+v2.3', '1.0.0-rc.1+2.0', '1.0.0+20.04_2'])(
    'is %s',
    (text) => {
      expect(parseVersion(text)?.text).toBe(text);
    },
  );

  it.each(['v2.4.8', '1.0.0', '1.0+2', '1.0.0+', '+1', '01.0.0+1', 'next', '', '1.0.0+1+2', '1.0.0+a b', 'hardcover-v0.4.21.37'])(
    'is not "%s"',
    (text) => expect(parseVersion(text)).toBeUndefined(),
  );

  it.each([
    ['0.9.0+9', '1.0.0+1'],
    ['1.9.0+1', '1.10.0+1'],
    ['1.0.0-rc.1+1', '1.0.0+1'],
    ['1.0.0+1.0', '1.0.0+1.1'],
    ['1.0.0+1.9', '1.0.0+1.10'],
    ['1.0.0+1.2', '1.0.0+1.2.1'],
    ['1.0.0+1.2-rc1', '1.0.0+1.2'],
    ['1.0.0+1.2-rc2', '1.0.0+1.2-rc10'],
    ['1.0.0+1.2', '1.0.0+1.2-alpine'],
    ['1.0.0+1.2-alpine', '1.0.0+1.2.1-alpine'],
    ['1.0.0+1.9', '1.0.0+v1.10'],
    ['1.0.0+01', '1.0.0+1'],
    ['1.0.0+99999999999999999999', '1.0.0+100000000000000000000'],
  ])('%s is older than %s', (older, newer) => {
    expect(newest([newer, older])).toBe(newer);
    expect(newest([older, newer])).toBe(newer);
  });

  const number = fc.integer({ min: 0, max: 12 });
  const semver = fc.tuple(number, number, number).map((parts) => parts.join('.'));
  const upstream = fc.stringMatching(/^v?(?:0?[0-2]|rc|a|amd)(?:[._-](?:0?[0-2]|rc|a|amd)){0,3}$/);
  const version = fc
    .tuple(semver, upstream)
    .map(([left, right]) => parseVersion(`${left}+${right}`) ?? expect.fail(`${left}+${right}`));

  it('has a total order', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        expect(compareVersions(a, b) === 0).toBe(a.text === b.text);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the tags of a recipe', () => {
  const tags = ['v3.0', '1.0.0+1.0', '2.0.0+2.0', 'nonsense', '1.1.0+1.0', '1.0.0+1.1'];

  it('have a newest version', () => expect(newest(tags)).toBe('2.0.0+2.0'));
  it('may have none', () => expect(newest(['v1', 'latest'])).toBeUndefined());

  it.each([
    ['a tag among them', '1.1.0+1.0', '1.0.0+1.1'],
    ['a version that is not tagged yet', '3.0.0+1', '2.0.0+2.0'],
    ['only the upstream part being newer', '1.0.0+1.1', '1.0.0+1.0'],
    ['the oldest', '1.0.0+1.0', undefined],
    ['what is no version', 'latest', undefined],
  ])('name the newest that is older: %s', (_, version, expected) => expect(newestOlderThan(tags, version)).toBe(expected));
});
