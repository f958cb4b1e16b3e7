import { builtTiers, rungs, type Tier } from '@cc-ci/shared/contract/glossary';
import { NOTHING_TO_UPGRADE, type Step } from '@cc-ci/shared/contract/run';
import { duration } from '@cc-ci/shared/service/duration';
import { cell, prose } from './escape.ts';
import { listing } from './listing.ts';

/** What a step that passed lets us say of the recipe. Steps without an entry add nothing to the first line. */
const achievements: Partial<Record<Tier, string>> = {
  install: 'installs',
  upgrade: 'upgrades',
  restore: 'gives its data back',
  custom: 'passes its own tests',
  integration: 'works with its neighbours',
};

/** What was shown, for the first line: `installs and upgrades`. Empty when no step passed. */
export function achieved(steps: readonly Step[]): string {
  const passed = steps.filter((step) => step.state === 'pass');
  const isEmpty = (step: Step): boolean => step.note === NOTHING_TO_UPGRADE;
  const shown = listing(passed.flatMap((step) => (isEmpty(step) ? [] : (achievements[step.tier] ?? []))));
  return passed.some(isEmpty) ? `${shown}; there was ${NOTHING_TO_UPGRADE}` : shown;
}

/** The steps of a run that goes on, as one line. @param now Unix milliseconds, for the step that is running */
export function progressLine(steps: readonly Step[], now: number): string {
  return [...steps.map((step) => underWay(step, now)), 'clean-up'].join(' · ');
}

/** The steps of a run that ended, as one line; what did not run is named apart, and what had nothing to test not at all. */
export function endedLine(steps: readonly Step[]): string {
  const ran = steps.filter(({ state }) => state !== 'unver' && state !== 'skip').map(settled);
  const skipped = Object.values(Object.groupBy(skips(steps), ({ reason }) => reason ?? ''));
  const notRun = steps.filter((step) => step.state === 'unver').map((step) => step.tier);
  const counts = notRun.length === 1 ? 'counts' : 'count';
  const apart = notRun.length === 0 ? [] : [`${listing(notRun)} did not run and ${counts} for nothing`];
  return [...ran, ...skipped.map((of = []) => skippedInWords(of)), ...apart].join(' · ');
}

/** Steps that should have been there. */
export function skips(steps: readonly Step[]): Step[] {
  return steps.filter(({ state, intended }) => state === 'skip' && !intended);
}

/** Steps that were skipped for one reason. */
function skippedInWords(steps: readonly Step[]): string {
  const [first] = steps;
  return `○ ${listing(steps.map(({ tier }) => tier))} skipped${first ? because(first) : ''}`;
}

/** The steps of a run that passed, as a table. */
export function stepTable(steps: readonly Step[]): string {
  return [
    `| ${steps.map((step) => step.tier).join(' | ')} |`,
    `|${'---|'.repeat(steps.length)}`,
    `| ${steps.map(result).join(' | ')} |`,
  ].join('\n');
}

/** The steps of the ladder that this version does not carry out: `backup, restore, custom tests and lint`. */
export function notBuilt(): string {
  const byRung = Object.entries(rungs).sort(([, a], [, b]) => a - b);
  const missing = byRung.map(([tier]) => tier).filter((tier) => !builtTiers.some((built) => built === tier));
  return listing(missing.map((tier) => (tier === 'custom' ? 'custom tests' : tier)));
}

/** How long the step took, in milliseconds, if it began and ended. */
export function tookMs(step: Step): number | undefined {
  return step.startedAt === null || step.endedAt === null ? undefined : step.endedAt - step.startedAt;
}

function underWay(step: Step, now: number): string {
  if (step.state === 'pending') return step.tier;
  if (step.state !== 'running') return settled(step);
  const sofar = step.startedAt === null ? '' : ` ${duration(Math.max(0, now - step.startedAt))}`;
  return `**▸ ${step.tier}${sofar}**`;
}

function settled(step: Step): string {
  const took = tookMs(step);
  const time = took === undefined ? '' : ` ${duration(took)}`;
  const note = step.note === null ? '' : ` ${prose(step.note)}`;
  switch (step.state) {
    case 'pass':
      return `✔ ${step.tier}${note}${time}`;
    case 'fail':
      return `**✘ ${step.tier}${time}**`;
    case 'skip':
      return skippedInWords([step]);
    default:
      return step.tier;
  }
}

function result(step: Step): string {
  if (step.state === 'skip') return `○ skipped${step.reason === null ? '' : `: ${cell(step.reason)}`}`;
  const took = tookMs(step);
  const mark = step.state === 'fail' ? '✘' : step.state === 'pass' ? '✔' : '–';
  const time = took === undefined ? '' : ` ${duration(took)}`;
  const note = step.note === null ? '' : `, ${cell(step.note)}`;
  return `${mark}${time}${note}`;
}

function because(step: Step): string {
  return step.reason === null ? '' : ` (${prose(step.reason)})`;
}
