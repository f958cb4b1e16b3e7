import { describe, expect, it } from 'vitest';
import { isSession, sessionOf } from '../src/web/sign-in.ts';

const TOKEN = 'the-token-of-the-operators';
const UNTIL = 2_000;

describe('a session', () => {
  const session = sessionOf(TOKEN, UNTIL);

  it('holds until it ends', () => {
    expect(isSession(session, TOKEN, UNTIL - 1)).toBe(true);
    expect(isSession(session, TOKEN, UNTIL)).toBe(false);
  });

  it('ends with its token', () => expect(isSession(session, 'another-token', 0)).toBe(false));

  it('does not show its token', () => expect(session).not.toContain(TOKEN));

  it.each([
    ['that was prolonged by hand', session.replace('2000', '9000')],
    ['without a signature', '9000.'],
    ['that is no session', TOKEN],
    ['that is empty', ''],
  ])('%s is none', (_, value) => expect(isSession(value, TOKEN, 0)).toBe(false));
});
