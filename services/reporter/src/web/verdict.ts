import type { RunRecord, Step } from '@cc-ci/shared/contract/run';
import { duration } from '@cc-ci/shared/service/duration';
import { verdictWords } from '../render/result.ts';
import { tookMs } from '../render/steps.ts';

/** Where a run stands, in a few words. */
export function standing(run: RunRecord): string {
  if (run.state === 'queued') return run.attempts.length > 0 ? 'Queued again' : 'Queued';
  if (run.state === 'running') return run.wish ? 'Stopping' : 'Testing';
  return verdictWords(run);
}

/** The class that colours it; the words say the same. */
export function colour(run: RunRecord): string {
  if (run.verdict === 'passed') return run.amber ? 'amber' : 'passed';
  return run.verdict === 'failed' ? 'failed' : 'quiet';
}

/** How a step or a test ended, in a word. */
export const marks: Record<Step['state'], string> = {
  pending: '· to come',
  running: '▸ running',
  pass: '✔ passed',
  fail: '✘ failed',
  skip: '○ skipped',
  unver: '– did not run',
};

const colours: Partial<Record<Step['state'], string>> = { pass: 'passed', fail: 'failed', skip: 'amber' };

/** How a step stands, with how long it took. @param now Unix milliseconds */
export function stepStanding(step: Step, now: number): { words: string; colour: string } {
  const took = step.state === 'running' && step.startedAt !== null ? Math.max(0, now - step.startedAt) : tookMs(step);
  const time = took === undefined ? '' : `, ${duration(took)}`;
  return { words: `${marks[step.state]}${time}`, colour: colours[step.state] ?? '' };
}
