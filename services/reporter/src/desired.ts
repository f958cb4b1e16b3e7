import type { IntakeRecord } from '@cc-ci/shared/contract/intake';
import { replyMarker, runMarker } from '@cc-ci/shared/contract/report';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { isWhole } from '@cc-ci/shared/runs/flags';
import type { Usual } from './history.ts';
import type { Desired, ReactionName, WantedStatus } from './plan.ts';
import { progressComment, replyComment, resultComment } from './render/comment.ts';
import { runUrl } from './render/links.ts';
import { statusText } from './render/status.ts';
import type { Waiting } from './render/waiting.ts';

/** All that is known of one pull request. Runs and intakes are oldest first. */
export interface Facts {
  readonly instance: string;
  readonly runs: readonly RunRecord[];
  readonly intakes: readonly IntakeRecord[];
  /** Unix milliseconds, moved on in steps. */
  readonly now: number;
  readonly usualOf: (recipe: string) => Usual | undefined;
  readonly waitingOf: (run: RunRecord) => Waiting;
  readonly publicUrl: string;
  readonly triggerWord: string;
  readonly reproCommand: string | null;
  readonly setsStatuses: boolean;
}

/** What the pull request should look like. */
export function desired(facts: Facts): Desired {
  const newest = facts.runs.at(-1);
  const answers = lastAnswers(facts);
  const ended = facts.runs.filter((run) => run.state === 'ended');
  const replied = answers.filter((intake) => intake.outcome.kind === 'reply');
  return {
    comments: [
      ...facts.runs.map((run) =>
        run.state === 'ended' ? resultComment({ ...facts, run }, run !== newest) : progress(facts, run),
      ),
      ...replied.flatMap((intake) =>
        intake.outcome.kind === 'reply' ? [replyComment(facts.instance, intake, intake.outcome.reply, facts)] : [],
      ),
    ],
    absent: [
      ...ended.map((run) => runMarker(facts.instance, run.id, 'progress')),
      // A comment that was edited may need no reply any more.
      ...[...new Set(facts.intakes.map((intake) => intake.commentId))]
        .filter((id) => !replied.some((each) => each.commentId === id))
        .map((id) => replyMarker(facts.instance, id)),
    ],
    reactions: new Map([...answers.map(reactionToAnswer), ...facts.runs.flatMap(reactionToRequest)]),
    statuses: facts.setsStatuses
      ? new Map(facts.runs.filter(isPublished).map((run) => statusOf(run, facts.publicUrl)))
      : new Map(),
  };
}

function progress(facts: Facts, run: RunRecord) {
  return progressComment({ ...facts, run, usual: facts.usualOf(run.request.recipe), waiting: facts.waitingOf(run) });
}

/** How each comment ended that asked for something and did not become a run; of an edited one, how it ended last. */
function lastAnswers({ intakes, runs }: Facts): IntakeRecord[] {
  const last = new Map<number, IntakeRecord>();
  for (const intake of intakes) {
    const known = last.get(intake.commentId);
    if (!known || intake.updatedAt >= known.updatedAt) last.set(intake.commentId, intake);
  }
  const asked = new Set(runs.map(askingComment));
  return [...last.values()].filter((intake) => intake.outcome.kind !== 'run' && !asked.has(intake.commentId));
}

function askingComment({ request }: RunRecord): number | undefined {
  return request.origin.kind === 'comment' ? request.origin.commentId : undefined;
}

function reactionToAnswer({ commentId, outcome }: IntakeRecord): [number, ReactionName[]] {
  if (outcome.kind === 'stopped') return [commentId, ['eyes']];
  return [commentId, outcome.kind === 'confused' ? ['confused'] : []];
}

function reactionToRequest(run: RunRecord): [number, ReactionName[]][] {
  const commentId = askingComment(run);
  return commentId === undefined ? [] : [[commentId, ['eyes', ...resultReaction(run)]]];
}

function resultReaction({ verdict }: RunRecord): ReactionName[] {
  if (verdict === 'passed') return ['+1'];
  // Our own trouble, or a word to stop, says nothing of the change.
  return verdict === 'failed' ? ['-1'] : [];
}

/** Only a full run may change what the commit shows. */
function isPublished({ request }: RunRecord): boolean {
  return isWhole(request.flags);
}

function statusOf(run: RunRecord, publicUrl: string): [string, WantedStatus] {
  return [run.request.commit, { ...statusText(run), targetUrl: runUrl(publicUrl, run.id) }];
}
