import { type Violation, violation } from './policy-terms.ts';

/** The violation of a path that leaves the checkout. */
export function pathOutside(key: string, path: string): Violation {
  return violation({
    rule: 'path-outside',
    key,
    value: path,
    problem: `\`${path}\` (${key}) leads out of the recipe.`,
    instead: 'Put the file into the recipe and name it by a relative path',
  });
}
