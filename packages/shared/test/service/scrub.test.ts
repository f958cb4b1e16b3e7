import { describe, expect, it } from 'vitest';
import { isSecretName, knownSecret, scrub } from '../../src/service/scrub.ts';

describe('scrubbing a text', () => {
  it.each([
    ['masks credentials of a URL', 'clone https://bot:hunter2@git.example.org/x', 'clone https://[secret]@git.example.org/x'],
    ['masks the password of a Redis URL', 'redis://:pw@10.0.0.1:6379', 'redis://[secret]@10.0.0.1:6379'],
    ['masks an authorization header', 'Authorization: Bearer abc.def', 'Authorization: Bearer [secret]'],
    ['masks one of Gitea', 'authorization: token 0123456', 'authorization: token [secret]'],
    [
      'masks one within JSON within JSON',
      String.raw`{\"authorization\":\"Basic QWxh\"}`,
      String.raw`{\"authorization\":\"Basic [secret]\"}`,
    ],
    ['masks a token in a query', '/api?access_token=0123&page=2', '/api?access_token=[secret]&page=2'],
    ['leaves a URL with a mention in its path', 'https://git.example.org/@boris', 'https://git.example.org/@boris'],
    ['leaves ordinary words', 'basic authorization is a token of respect', 'basic authorization is a token of respect'],
  ])('%s', (_, text, expected) => expect(scrub(text)).toBe(expected));

  it('masks a secret that was made known, however it is spelled', () => {
    knownSecret('pass"word/42');
    expect(scrub('plain pass"word/42')).toBe('plain [secret]');
    expect(scrub(JSON.stringify({ said: 'pass"word/42' }))).toBe('{"said":"[secret]"}');
    expect(scrub('?q=pass%22word%2F42')).toBe('?q=[secret]');
  });

  it.each(['', 'a', 'ab'])('masks a secret that was encoded with “%s” before it', (before) => {
    knownSecret('correct-horse-battery');
    const text = `${before}correct-horse-battery\n`;
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      const said = scrub(Buffer.from(text).toString(encoding));
      expect(said).toContain('[secret]');
      expect(Buffer.from(said.replace('[secret]', ''), encoding).toString()).not.toMatch(/orrect|horse|batter/);
    }
  });

  it('refuses to know a secret that is too short to be masked, without repeating it', () => {
    expect(() => knownSecret('hunter2')).toThrow('A secret of 7 characters cannot be masked: it needs 8 or more.');
  });
});

describe('a secret-like name', () => {
  it.each([
    ['FORGE_TOKEN', true],
    ['x-gitea-signature', true],
    ['adminPassword', true],
    ['FORGE_TOKEN_FILE', false],
    ['secretsDir', false],
    ['recipe', false],
  ])('%s: %s', (name, expected) => expect(isSecretName(name)).toBe(expected));
});
