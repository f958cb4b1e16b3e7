import type { Tier } from '@cc-ci/shared/contract/glossary';
import type { Before, Earlier, RunRecord } from '@cc-ci/shared/contract/run';
import { dateAndClock } from './duration.ts';
import { code, name } from './escape.ts';
import { levelWords } from './level.ts';
import { runUrl } from './links.ts';

/** What decides the sentences about earlier runs. */
export interface Comparison {
  readonly run: Pick<RunRecord, 'verdict' | 'cause' | 'before'>;
  readonly publicUrl: string;
}

/** `Level 4 of 5, as on main`, or `Level 1 of 5 (main: 5)`; where there is no level, undefined. */
export function comparedLevel({ level, before }: Pick<RunRecord, 'level' | 'before'>): string | undefined {
  if (level === null) return undefined;
  const branch = before?.branch;
  if (!branch || branch.last.level === null) return levelWords(level);
  const { level: there } = branch.last;
  return there === level
    ? `${levelWords(level)}, as on ${name(branch.name)}`
    : `${levelWords(level)} (${name(branch.name)}: ${there})`;
}

/** Whether the branch was red before, and whether the same commit ended otherwise; undefined where neither tells anything. */
export function comparedSentences({ run, publicUrl }: Comparison): string | undefined {
  const { verdict, cause, before } = run;
  if (!before || (verdict !== 'passed' && verdict !== 'failed')) return undefined;
  const failedAt = verdict === 'failed' ? (cause?.tier ?? null) : undefined;
  const { branch, otherwise } = before;
  // What comes and goes says nothing of what a pull request brings.
  if (otherwise) return flaky(otherwise, failedAt, publicUrl);
  if (!branch) return undefined;
  return failedAt === undefined ? mended(branch, publicUrl) : redBefore(branch, failedAt, publicUrl);
}

/** @param failedAt where this one failed; undefined where it passed */
function flaky(otherwise: Earlier, failedAt: Tier | null | undefined, publicUrl: string): string {
  const did = failedAt === undefined ? failing(otherwise) : 'passed this step';
  return `Flaky: the same commit ${did} ${when(otherwise, publicUrl)}.`;
}

function mended({ name: branch, last }: NonNullable<Before['branch']>, publicUrl: string): string | undefined {
  if (last.verdict === 'passed') return undefined;
  return `The branch ${name(branch)} ${failing(last)} ${when(last, publicUrl)}; this commit does not.`;
}

function redBefore(
  { name: branch, last }: NonNullable<Before['branch']>,
  tier: Tier | null,
  publicUrl: string,
): string | undefined {
  const there = `The branch ${name(branch)}`;
  const state = tier === null ? begun(last) : last.states[tier];
  const run = when(last, publicUrl);
  switch (state) {
    case 'pass':
      return `${there} ${tier === null ? 'got past this' : 'passed this step'} ${run}, so it comes with this pull request.`;
    case 'fail':
      return `${there} failed here as well ${run}: it was red before this pull request.`;
    case 'unver':
      return last.verdict === 'failed' && last.failedAt !== tier
        ? `${there} ${failing(last)} ${run}, and says nothing of this step.`
        : undefined;
    default:
      return undefined;
  }
}

/** How a run did with what comes before the first step. */
function begun({ verdict, failedAt }: Earlier): 'pass' | 'fail' {
  return verdict === 'failed' && failedAt === null ? 'fail' : 'pass';
}

function failing({ failedAt }: Earlier): string {
  return failedAt === null ? 'failed before the first step' : `failed at ${failedAt}`;
}

function when({ run, endedAt }: Earlier, publicUrl: string): string {
  return `on ${dateAndClock(endedAt)} ([run ${code(run)}](${runUrl(publicUrl, run)}))`;
}
