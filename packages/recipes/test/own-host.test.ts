import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOwnPattern } from '../src/own-host.ts';
import { domain } from './judged-labels.ts';

describe('a pattern of hosts', () => {
  const pieces = [...'^ $ | ( ) ? + . \\ \\. [ ] {x: } (?: a'.split(' '), domain, `.${domain}`, `\\.${domain}`];
  const hosts = ['keycloak.ci.example.org', 'ci.example.org', `a${domain}`, `${domain}.a`, 'a', `${domain}a`];
  /** As version 3 reads it, and as version 2 does. */
  const readings = (pattern: string) => {
    const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const template = pattern
      .split(/(\{[^{}]*\})/)
      .map((part) => (part.startsWith('{') ? `(${part.slice(3, -1)})` : literal(part)));
    return [pattern, `^${template.join('')}$`].flatMap((text) => {
      try {
        return [new RegExp(text)];
      } catch {
        return [];
      }
    });
  };

  it('that counts as own matches no host of others', () => {
    const near = fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join(''));
    const pattern = fc.oneof(
      near,
      near.map((text) => `${text}\\.${domain}$`),
      near.map((text) => `{x:${text}}.${domain}`),
    );
    fc.assert(
      fc.property(pattern, (text) => {
        fc.pre(isOwnPattern(text, domain));
        expect(readings(text).flatMap((reading) => hosts.filter((host) => reading.test(host)))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
