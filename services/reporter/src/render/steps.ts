import type { Tier } from '@cc-ci/shared/contract/glossary';
import { NOT_ASKED_FOR, NOTHING_TO_UPGRADE, type Step } from '@cc-ci/shared/contract/run';
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

/** Shorter than this would read `0 s`. */
const LEAST_SHOWN_MS = 500;

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

/** Steps of a run that passed of which nobody knows how they would have ended. */
export function untested(steps: readonly Step[]): Step[] {
  return [...skips(steps), ...steps.filter(({ state }) => state === 'unver')];
}

/** Steps that were skipped for one reason. */
function skippedInWords(steps: readonly Step[]): string {
  const [first] = steps;
  return `○ ${listing(steps.map(({ tier }) => tier))} skipped${first ? because(first) : ''}`;
}

/** The steps of a run that passed, as a table. */
export function stepTable(steps: readonly Step[]): string {
  const shown = steps.filter(({ reason }) => reason !== NOT_ASKED_FOR);
  return [
    `| ${shown.map((step) => step.tier).join(' | ')} |`,
    `|${'---|'.repeat(shown.length)}`,
    `| ${shown.map(result).join(' | ')} |`,
  ].join('\n');
}

/** What could have been tested besides, and how to have it tested; undefined where that is nothing. */
export function notAskedSentence(steps: readonly Step[], triggerWord: string): string | undefined {
  const extra = steps.find(({ reason, note }) => reason === NOT_ASKED_FOR && note !== null);
  return extra && `Not asked for: ${extra.note} (\`${triggerWord} --extra-tests\`).`;
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
  const time = timeOf(step);
  const note = step.note === null ? '' : ` ${prose(step.note)}`;
  switch (step.state) {
    case 'pass':
      return `✔ ${step.tier}${note}${time}`;
    case 'fail':
      // Only what decides the verdict stands out.
      return step.tier === 'lint' ? `✘ lint${note}` : `**✘ ${step.tier}${time}**`;
    case 'skip':
      return skippedInWords([step]);
    default:
      return step.tier;
  }
}

function result(step: Step): string {
  const why = step.reason === null ? '' : `: ${cell(step.reason)}`;
  const [time, note] = [timeOf(step).trimStart(), step.note === null ? '' : cell(step.note)];
  switch (step.state) {
    case 'skip':
      return `○ skipped${why}`;
    case 'fail':
      return `✘ ${note || time}`.trimEnd();
    case 'pass':
      return `✔ ${[time, note].filter((part) => part !== '').join(', ')}`.trimEnd();
    default:
      return `– did not run${why}`;
  }
}

/** With a blank before it; empty for what took no time that a person would notice. */
function timeOf(step: Step): string {
  const took = tookMs(step);
  return took === undefined || took < LEAST_SHOWN_MS ? '' : ` ${duration(took)}`;
}

function because(step: Step): string {
  return step.reason === null ? '' : ` (${prose(step.reason)})`;
}
