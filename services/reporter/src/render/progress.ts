import { commands } from '@cc-ci/shared/contract/commands';
import type { RunRecord, RunRequest } from '@cc-ci/shared/contract/run';
import { duration } from '@cc-ci/shared/service/duration';
import { type Usual, usualWords } from '../history.ts';
import { clock } from './duration.ts';
import { code, name, prose } from './escape.ts';
import { runUrl, shortCommit } from './links.ts';
import { progressLine } from './steps.ts';
import { queuedLine, type Waiting } from './waiting.ts';

/** What a progress comment is made from. `now`: Unix milliseconds, moved on in steps, so that an edit is worth it. */
export interface ProgressFacts {
  readonly run: RunRecord;
  readonly now: number;
  readonly usual: Usual | undefined;
  readonly waiting: Waiting;
  readonly publicUrl: string;
  readonly triggerWord: string;
}

/** The comment of a run that is not over. */
export function progressText(facts: ProgressFacts): string {
  const { run, now } = facts;
  const firstLine = run.state === 'queued' ? queuedLine(run, facts.waiting, now) : testingLine(facts);
  const what = run.state === 'running' && run.steps.length > 0 ? [progressLine(run.steps, now), ...doingLine(run), ''] : [];
  return [
    firstLine,
    ...lostLine(run),
    askedBy(run.request),
    '',
    ...what,
    `[Live log](${runUrl(facts.publicUrl, run.id)}).${toStop(facts.triggerWord)}`,
    'You can close this page; the result comes as a new comment.',
  ].join('\n');
}

/** How the commit was chosen, and by whose word: it is what a reader doubts first. */
export function askedBy({ by, chosen }: RunRequest): string {
  const asked = by === null ? 'Asked for by the schedule.' : `Asked by ${name(by)}.`;
  return `${asked} ${chosenSentences[chosen]}`;
}

const chosenSentences: Record<RunRequest['chosen'], string> = {
  'head-at-comment': 'The commit is the head of the pull request at the moment of the comment.',
  'own-push-after-comment': 'The commit is the head that the same person pushed right after the comment.',
  named: 'The commit is the one that the comment names.',
  release: 'The commit is the newest release.',
  'default-branch': 'The commit is the head of the default branch.',
};

function testingLine({ run, now, usual }: ProgressFacts): string {
  const index = run.steps.findIndex((step) => step.state === 'running');
  const step = run.steps[index];
  const where = step ? `${step.tier}, step ${index + 1} of ${run.steps.length}` : between(run);
  const elapsed = duration(Math.max(0, now - (run.attempts.at(-1)?.startedAt ?? now)));
  const estimate = usual ? `; ${usualWords(usual)}` : '';
  const verb = run.wish ? 'Stopping' : 'Testing';
  return `**${verb} ${code(shortCommit(run.request.commit))} of ${name(run.request.recipe)}: ${where}.** ${elapsed} so far${estimate}.`;
}

function between(run: RunRecord): string {
  const next = run.steps.find((step) => step.state === 'pending');
  if (run.steps.length === 0) return 'getting ready';
  return next ? `${next.tier} comes next` : 'coming to a verdict';
}

function doingLine({ doing }: RunRecord): string[] {
  if (doing === null) return [];
  const until = doing.until === null ? '' : ` (allowed until ${clock(doing.until)})`;
  return [`Now: ${prose(doing.what)}${until}.`];
}

/** Our own trouble that a reader would otherwise take for a stall. */
function lostLine({ attempts, state }: RunRecord): string[] {
  const lost = attempts.filter((attempt) => attempt.lostTo !== null);
  const last = lost.at(-1);
  if (!last?.lostTo) return [];
  const next = state === 'queued' ? `Attempt ${lost.length + 1} is to come` : `This is attempt ${lost.length + 1}`;
  return [`${next}: the one before ended through our own trouble (${prose(last.lostTo)}). Your change is not the reason.`];
}

function toStop(word: string): string {
  return commands.cancel.built ? ` To stop, comment ${code(`${word} cancel`)}.` : '';
}
