import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpRefusal } from '@cc-ci/shared/service/http-refusal';
import { SettingsRefused } from '@cc-ci/shared/service/settings-refused';

/** What a token may be used for. */
const scopes = ['runs'] as const;
export type Scope = (typeof scopes)[number];

/** A token as the file has it: never itself, only what it hashes to. */
export interface ApiToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the token, hex. */
  readonly hash: string;
}

const LINE = /^(?<name>[a-z0-9-]{1,32})\s+(?<scopes>[a-z,]+)\s+(?<hash>[0-9a-f]{64})$/;

/** Reads the file of tokens: a line each with name, scopes and hash; `#` begins a comment. Throws SettingsRefused. */
export function readTokens(text: string): ApiToken[] {
  const lines = text.split('\n').map((line, index) => ({ line: line.replace(/#.*/, '').trim(), number: index + 1 }));
  return lines.flatMap(({ line, number }) => {
    if (line === '') return [];
    const { name = '', hash = '', scopes: given = '' } = LINE.exec(line)?.groups ?? {};
    const known = scopes.filter((scope) => given.split(',').includes(scope));
    if (name !== '' && known.length === given.split(',').length) return [{ name, hash, scopes: known }];
    const expected = `a name, ${scopes.join(' or ')}, and the SHA-256 of the token in 64 hex digits, with blanks between them`;
    throw new SettingsRefused('the file of API tokens', [{ where: `line ${number}`, read: 'something else', expected }]);
  });
}

/** The token that a request came with. Throws HttpRefusal: 401 for none that is known, 403 for one that may not do this. */
export function requireToken(authorization: string | undefined, tokens: readonly ApiToken[], scope: Scope): ApiToken {
  const given = createHash('sha256')
    .update(/^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '')
    .digest();
  const [token] = tokens.filter(({ hash }) => timingSafeEqual(Buffer.from(hash, 'hex'), given));
  if (!token) throw new HttpRefusal(401, 'This takes a token that cc-ci knows: send it as `Authorization: Bearer …`.');
  if (!token.scopes.includes(scope)) throw new HttpRefusal(403, `The token ${token.name} is not for ${scope}.`);
  return token;
}
