import { topLevel } from '@cc-ci/shared/contract/glossary';
import type { RunRecord, Step } from '@cc-ci/shared/contract/run';
import type { LogLine } from '@cc-ci/shared/runs/log-stream';
import { counted } from '@cc-ci/shared/service/counted';
import { duration } from '@cc-ci/shared/service/duration';
import { plain } from '../terminal.ts';

const marks = { pass: '✔', fail: '✘', skip: '–', unver: '⊘' } as const;

/** A step that is over, e.g. `✔ upgrade 52 s: from 2.1.0+1.10.0`; undefined while it is not. */
export function stepLine({ tier, state, startedAt, endedAt, reason, note }: Step): string | undefined {
  if (state === 'pending' || state === 'running') return undefined;
  const took = startedAt === null || endedAt === null ? '' : ` ${duration(endedAt - startedAt)}`;
  const more = reason ?? note;
  return `${marks[state]} ${tier}${took}${more === null ? '' : `: ${more}`}`;
}

/** Tells a person at a terminal how a run goes on: each step that is over, and what it waits for meanwhile. @param verbose also its log */
export function showRun(say: (text: string) => void, verbose: boolean): (run: RunRecord, said: readonly LogLine[]) => void {
  let [told, attempt] = [0, 1];
  let doing: string | undefined;
  return (run, said) => {
    const lines = verbose ? said.map(({ from, text }) => `  ${from}: ${text}`) : [];
    if (run.attempts.length > attempt) {
      [told, attempt] = [0, run.attempts.length];
      lines.push(`Attempt ${attempt}, since ${run.attempts.at(-2)?.lostTo ?? 'the one before was lost'}.`);
    }
    const over = linesOfSteps(run.steps);
    lines.push(...over.slice(told));
    told = Math.max(told, over.length);
    if (run.doing && run.doing.what !== doing) lines.push(`  ${run.doing.what}`);
    doing = run.doing?.what;
    for (const line of lines) say(plain(line));
  };
}

/** Of the first steps, as far as they are over: which ones are left out is known from the start. */
function linesOfSteps(steps: readonly Step[]): string[] {
  const lines: string[] = [];
  for (const step of steps) {
    const line = stepLine(step);
    if (line === undefined) break;
    lines.push(line);
  }
  return lines;
}

/** How a run ended, for whoever started it from a terminal. @param name of what was tested */
export function endingLines(run: RunRecord, name: string): string[] {
  const { verdict, cause, level, steps } = run;
  const red = steps.flatMap(({ tests }) => tests).filter(({ state }) => state === 'fail');
  return [
    `${verdictWords(run)}: ${name} of ${run.request.recipe}${level === null ? '' : `, level ${level} of ${topLevel}`}.`,
    ...(cause ? [cause.sentence] : []),
    ...(cause?.evidence ?? []).map(({ source, text }) => `  ${source}: ${text}`),
    ...red.map((test) => `  ✘ ${test.name}`),
    ...(cause?.remedy && verdict === 'failed' ? [`Next: ${cause.remedy}`] : []),
    ...leftovers(run),
  ].map(plain);
}

function verdictWords({ verdict, cause, amber }: RunRecord): string {
  switch (verdict) {
    case 'passed':
      return amber ? '◐ Passed, with a gap' : '✔ Passed';
    case 'failed':
      return `✘ Failed ${cause?.tier ? `at ${cause.tier}` : 'before the first step'}`;
    case 'errored':
      return '⊘ No verdict, the recipe is not the reason';
    default:
      return '⊘ Stopped';
  }
}

function leftovers({ attempts }: RunRecord): string[] {
  const cleanup = attempts.at(-1)?.cleanup;
  if (cleanup?.state === 'proven') {
    const count = Object.values(cleanup.removed).reduce((sum, each) => sum + each, 0);
    return [`Left behind: nothing (${counted(count, 'things')} removed).`];
  }
  return cleanup?.state === 'remaining' ? [`Left behind: ${cleanup.left.join('; ')}. The next \`ccci run\` tries again.`] : [];
}
