import { rungs, type Tier, topLevel, type Verdict } from '../contract/glossary.ts';
import type { RungState } from '../contract/results.ts';
import type { Step } from '../contract/run.ts';

/** The state of one rung, from 1: that of its worst step. A rung without a step was not looked at, so it is `unver`. */
export function rungState(steps: readonly Pick<Step, 'tier' | 'state'>[], rung: number): RungState {
  const states = steps.filter((step) => rungOf(step.tier) === rung).map((step) => step.state);
  if (states.includes('fail')) return 'fail';
  if (states.length === 0 || states.some((state) => state !== 'pass' && state !== 'skip')) return 'unver';
  return states.includes('pass') ? 'pass' : 'skip';
}

function rungOf(tier: Tier): number | undefined {
  const ladder: Partial<Record<Tier, number>> = rungs;
  return ladder[tier];
}

/**
 * The highest rung passed with all below passed or skipped; 0 when there is none.
 * @returns 0 to `topLevel`
 */
export function levelOf(steps: readonly Pick<Step, 'tier' | 'state'>[]): number {
  let level = 0;
  for (let rung = 1; rung <= topLevel; rung += 1) {
    const state = rungState(steps, rung);
    if (state === 'fail' || state === 'unver') return level;
    if (state === 'pass') level = rung;
  }
  return level;
}

/** Passed, but with a step that is red, did not run, or was skipped and should have been there. */
export function isAmber(
  verdict: Verdict | null,
  steps: readonly (Pick<Step, 'state'> & Partial<Pick<Step, 'intended'>>)[],
): boolean {
  return verdict === 'passed' && steps.some(({ state, intended }) => state !== 'pass' && !(state === 'skip' && intended));
}
