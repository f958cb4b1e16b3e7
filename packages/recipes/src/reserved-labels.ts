import { type Violation, violation } from './policy-terms.ts';

/** By these labels we and the engine tell what belongs to whom; a recipe that sets one could pass for a neighbour. */
const reserved = /^(?:cc-ci|com\.docker)\./;

/** A violation for each label that is not a recipe's to set. */
export function reservedLabels(at: string, labels: Readonly<Record<string, string>> = {}): Violation[] {
  return Object.keys(labels)
    .filter((label) => reserved.test(label))
    .map((label) =>
      violation({
        rule: 'reserved-label',
        key: at,
        value: label,
        problem: `The label \`${label}\` (${at}) says what belongs to whom and is not a recipe's to set.`,
        instead: 'Leave it out',
      }),
    );
}
