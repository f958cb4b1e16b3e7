import { builtTiers, topLevel } from '@cc-ci/shared/contract/glossary';
import { highestLevel } from '@cc-ci/shared/runs/level';
import { notBuilt } from './steps.ts';

/** `Level 2 of 5`. */
export function levelWords(level: number): string {
  return `Level ${level} of ${topLevel}`;
}

/** The level beside what this version can give, e.g. `Level 2 of 5, the highest that …`. */
export function levelLine(level: number): string {
  const highest = highestLevel(builtTiers);
  const stated = levelWords(level);
  if (highest === topLevel) return `${stated}.`;
  const limit = `the highest that this version of cc-ci tests for: ${notBuilt()} are not built yet.`;
  return level >= highest ? `${stated}, ${limit}` : `${stated}; ${highest} is ${limit}`;
}
