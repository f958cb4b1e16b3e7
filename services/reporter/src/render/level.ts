import { topLevel } from '@cc-ci/shared/contract/glossary';

/** `Level 2 of 5`. */
export function levelWords(level: number): string {
  return `Level ${level} of ${topLevel}`;
}
