import { createHash } from 'node:crypto';
import { flagsOf } from '@cc-ci/shared/runs/flags';
import { describe, expect, it } from 'vitest';
import { ApiRequest, flagsAsked } from '../src/api-request.ts';
import { readTokens, requireToken } from '../src/api-tokens.ts';
import { openApiOf } from '../src/open-api.ts';

const usual = { quick: false, extraTests: false, stages: null };

describe('what the API is asked for', () => {
  it.each([
    [{}, usual],
    [{ extra_tests: true }, { ...usual, extraTests: true }],
    [{ EXTRA_TESTS: '1' }, { ...usual, extraTests: true }],
    [{ EXTRA_TESTS: '0' }, usual],
    [{ STAGES: 'extra' }, { ...usual, extraTests: true }],
    [{ stages: ['extra'] }, { ...usual, extraTests: true }],
    [{ STAGES: 'upgrade,install' }, { ...usual, stages: ['install', 'upgrade'] }],
    [{ stages: ['custom', 'extra'] }, { ...usual, stages: ['custom', 'extra'] }],
  ])('by %j is %j', (asked, flags) => {
    expect(flagsAsked(ApiRequest.parse({ repository: 'coop/hedgedoc', ...asked }))).toEqual(flags);
  });

  it('by its only extra step is what a comment with `--stages=extra` asks for', () => {
    expect(flagsOf({ extraTests: false, stages: ['extra'] })).toEqual({ ...usual, extraTests: true });
  });

  it.each([
    ['no repository', {}],
    ['a name without its owner', { repository: 'hedgedoc' }],
    ['an unknown parameter', { repository: 'coop/hedgedoc', extra: true }],
    ['an unknown step', { repository: 'coop/hedgedoc', STAGES: 'extras' }],
    ['a short commit', { repository: 'coop/hedgedoc', pull: 1, commit: 'abc1234' }],
    ['a commit of no pull request', { repository: 'coop/hedgedoc', commit: 'a'.repeat(40) }],
  ])('with %s is refused', (_, asked) => expect(ApiRequest.safeParse(asked).success).toBe(false));

  it('is described with the same parameters', () => {
    expect(JSON.stringify(openApiOf('https://ci.test'))).toMatch(/"extra_tests".*"EXTRA_TESTS"/);
  });
});

const hash = (token: string): string => createHash('sha256').update(token).digest('hex');
const tokens = readTokens(`# who: what\n\nrobot runs ${hash('right')} # of the release robot\n`);

describe('the tokens of the API', () => {
  it('are known by their hash', () => {
    expect(requireToken('Bearer right', tokens, 'runs')).toMatchObject({ name: 'robot' });
  });

  it.each([
    ['none', undefined],
    ['another', 'Bearer wrong'],
    ['the hash itself', `Bearer ${hash('right')}`],
    ['another scheme', 'Basic right'],
    ['nothing', 'Bearer '],
  ])('let nobody in with %s', (_, header) => {
    expect(() => requireToken(header, tokens, 'runs')).toThrow(expect.objectContaining({ statusCode: 401 }));
  });

  it('let nobody do what their token is not for', () => {
    expect(() => requireToken('Bearer right', [{ name: 'robot', scopes: [], hash: hash('right') }], 'runs')).toThrow(
      expect.objectContaining({ statusCode: 403 }),
    );
  });

  it.each(['robot runs right', `robot everything ${hash('x')}`, `Robot runs ${hash('x')}`])(
    'are refused in the line %s',
    (line) => {
      expect(() => readTokens(`# a comment\n${line}`)).toThrow('line 2');
    },
  );
});
