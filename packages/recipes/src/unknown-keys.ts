import { type Violation, violation } from './policy-terms.ts';

/** A violation for each key of `value` that the gate does not know; `x-` keys do nothing and are let through. `at` is where it stands, empty for the top. */
export function unknownKeys(at: string, value: object, known: ReadonlySet<string>): Violation[] {
  return Object.keys(value)
    .filter((key) => !known.has(key) && !key.startsWith('x-'))
    .map((name) => {
      const key = at === '' ? name : `${at}.${name}`;
      return violation({
        rule: 'unknown-key',
        key,
        value: name,
        problem: `\`${key}\` is not known to be harmless.`,
        instead: 'Leave it out',
      });
    });
}
