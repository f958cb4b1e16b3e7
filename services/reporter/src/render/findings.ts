import { topLevel } from '@cc-ci/shared/contract/glossary';
import type { Finding, Step } from '@cc-ci/shared/contract/run';
import { listing } from './listing.ts';

/** More than these are read on the page of the run. */
const MOST_NAMED = 3;

/** What keeps a run from the top level though it passed, and that it is no reason for red. Undefined where lint found no error. */
export function toReachTop(steps: readonly Step[]): string | undefined {
  const errors = steps.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return undefined;
  const named = errors.slice(0, MOST_NAMED).map(({ remedy, rule }) => `${remedy} (lint ${rule})`);
  const more = errors.length > MOST_NAMED ? [`${errors.length - MOST_NAMED} more on the page of the run`] : [];
  return `To reach level ${topLevel}: ${listing([...named, ...more])}. Lint does not decide the verdict.`;
}

/** One finding as a sentence, e.g. "R011, error: `compose.smtp.yml` line 4: `sidekiq` has no image." */
export function findingSentence({ rule, severity, file, line, problem }: Finding): string {
  return `${rule}, ${severity}: \`${file}\`${line === null ? '' : ` line ${line}`}: ${problem}.`;
}
