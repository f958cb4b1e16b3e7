import type { RunRecord } from '@cc-ci/shared/contract/run';
import { duration } from '@cc-ci/shared/service/duration';
import { durationRange } from './render/duration.ts';

/** How long runs of one recipe take, from those before. In milliseconds. */
export interface Usual {
  readonly shortest: number;
  readonly longest: number;
  readonly count: number;
}

/** Older runs say little of how long the recipe takes now. */
const RUNS_LOOKED_AT = 5;

/**
 * What is to be expected of a run of this recipe: its last runs that came to a verdict, whoever asked for them.
 * @param recent newest first; undefined when there is none among them
 */
export function usualOf(recipe: string, recent: readonly RunRecord[]): Usual | undefined {
  const took = recent
    .filter((run) => run.request.recipe === recipe && run.verdict === 'passed')
    .map(verdictMs)
    .filter((ms) => ms !== undefined)
    .slice(0, RUNS_LOOKED_AT);
  if (took.length === 0) return undefined;
  return { shortest: Math.min(...took), longest: Math.max(...took), count: took.length };
}

/** From the start of the attempt that came to the verdict; undefined when none did. Milliseconds. */
export function verdictMs(run: RunRecord): number | undefined {
  const last = run.attempts.at(-1);
  return run.endedAt === null || last === undefined ? undefined : run.endedAt - last.startedAt;
}

/** `usually 4 to 6 min here`, or of a single run before: `last time 4 min 12 s`. */
export function usualWords(usual: Usual): string {
  return usual.count === 1
    ? `last time ${duration(usual.longest)}`
    : `usually ${durationRange(usual.shortest, usual.longest)} here`;
}

/** What is left of it after so many milliseconds: `2 to 4 min left`. Undefined once it takes longer than ever before. */
export function leftWords(usual: Usual, elapsed: number): string | undefined {
  const longest = usual.longest - elapsed;
  if (longest <= 0) return undefined;
  return `${durationRange(Math.max(0, usual.shortest - elapsed), longest)} left`;
}
