import { isDeepStrictEqual } from 'node:util';
import type { Comment, ForgeUser } from '@cc-ci/forge/schema';
import type { Sha } from '@cc-ci/shared/contract/ids';
import type { IntakeOutcome, IntakeRecord, Reply } from '@cc-ci/shared/contract/intake';
import type { RunFlags, RunRecord, RunRequest } from '@cc-ci/shared/contract/run';
import { flagsOf } from '@cc-ci/shared/runs/flags';
import { type Mistake, readComment } from './grammar.ts';
import { type Standing, sameLogin } from './membership.ts';
import { commitAtComment, type Timeline } from './moment.ts';

/** A comment on a pull request that asks for a run. */
export interface Ask {
  readonly kind: 'ask';
  readonly comment: Comment;
  readonly pull: number;
  /** Named in full, or null: the head at the moment of the comment. */
  readonly named: Sha | null;
  readonly flags: RunFlags;
}

/** A comment on a pull request that is about its runs: a word to stop them, or a question. */
export interface AboutRuns {
  readonly kind: 'cancel' | 'status';
  readonly comment: Comment;
  readonly pull: number;
}

export interface Surroundings {
  /** The account that cc-ci reads with, which is also the one that it speaks with. */
  readonly me: ForgeUser;
  /** Logins whose comments are never commands. */
  readonly ignore: readonly string[];
  readonly enrolled: boolean;
  /** The trigger word. */
  readonly word: string;
  /** How earlier comments on the same page ended. */
  readonly earlier: readonly IntakeRecord[];
  /** Unix milliseconds. */
  readonly now: number;
}

/** After a reply to a typo its author gets no other one on that pull request for this long: people talk, bots repeat themselves. */
const TYPO_PAUSE_MS = 60 * 60_000;

/** Whether a comment starts like those that cc-ci writes; whoever quotes one has a quote mark before it. */
export function carriesOurMark(body: string): boolean {
  return body.startsWith('<!-- cc-ci:');
}

/** What can be decided from the comment alone. @param comment as it is now; undefined: it is gone */
export function screen(comment: Comment | undefined, around: Surroundings): IntakeOutcome | Ask | AboutRuns {
  if (comment === undefined) return ignored('it cannot be read any more: deleted, or hidden from cc-ci');
  const { author, body, pullNumber } = comment;
  if (author.id === around.me.id || carriesOurMark(body)) return ignored('it is our own');
  if (author.id <= 0) return ignored('its author is the forge’s own automation, or a deleted account');
  if (around.ignore.some((login) => sameLogin(login, author.login))) return ignored('its author is on the list of other bots');
  if (pullNumber === undefined) return ignored('it is not on a pull request');
  if (!around.enrolled) return ignored('the repository is not enrolled');
  const reading = readComment(body, around.word);
  switch (reading.kind) {
    case 'nothing':
      return ignored('it holds no command');
    case 'mention':
      return reading.where === 'passing'
        ? { kind: 'confused', why: 'the word stands within other text, where it is no command' }
        : ignored('the word stands in a quote, in code, or hidden');
    case 'mistake':
      return corrected(reading, author, around);
    case 'not-yet':
      return reply({ about: 'not-yet', what: reading.what });
    case 'help':
      return reply({ about: 'help' });
    case 'cancel':
    case 'status':
      return { kind: reading.kind, comment, pull: pullNumber };
    case 'run':
      return { kind: 'ask', comment, pull: pullNumber, named: reading.commit, flags: flagsOf(reading) };
  }
}

function corrected({ typo, said, didYouMean, problem }: Mistake, author: ForgeUser, around: Surroundings): IntakeOutcome {
  const answered = around.earlier.some(
    (record) =>
      sameLogin(record.author, author.login) && isTypoReply(record, around.word) && around.now - record.seenAt < TYPO_PAUSE_MS,
  );
  if (typo && answered) return { kind: 'confused', why: 'a typo of the same author was answered here within the hour' };
  return reply({ about: 'mistake', said, didYouMean, problem });
}

/** What a typo is told apart by: the line does not even start with the word. */
function isTypoReply({ outcome }: IntakeRecord, word: string): boolean {
  if (outcome.kind !== 'reply' || outcome.reply.about !== 'mistake') return false;
  return outcome.reply.said.toLowerCase().split(/\s/, 1)[0] !== word;
}

export interface RunFacts {
  readonly comment: Pick<Comment, 'id' | 'author' | 'createdAt' | 'updatedAt'>;
  readonly organisation: string;
  readonly named: Sha | null;
  /** The commits of the pull request; only looked at where one is named. */
  readonly commits: readonly string[];
  readonly open: boolean;
  /** The head now, read before the timeline. */
  readonly present: Sha;
  readonly timeline: Timeline;
  readonly standing: Standing;
  /** All runs of this pull request. */
  readonly runs: readonly RunRecord[];
  readonly flags: RunFlags;
  /** Unix milliseconds. */
  readonly now: number;
}

export interface Start {
  readonly kind: 'start';
  readonly commit: Sha;
  readonly chosen: RunRequest['chosen'];
}

export type Decision =
  | IntakeOutcome
  | Start
  /** The forge is still writing down what happened: look again in a moment. */
  | { readonly kind: 'wait' };

/** The forge writes a push into the timeline in the background; within this time it has done so. */
const TIMELINE_SETTLED_MS = 20_000;

/** What becomes of a comment that asks for a run. */
export function decideRun(facts: RunFacts): Decision {
  const own = facts.runs.find(({ request: { origin } }) => origin.kind === 'comment' && origin.commentId === facts.comment.id);
  if (own) return startedBefore(own, facts.comment);
  if (!facts.open) return reply({ about: 'closed' });
  if (!facts.standing.may) {
    const { visibility } = facts.standing;
    return reply({ about: 'outsider', organisation: facts.organisation, commit: facts.present, visibility });
  }
  const meant = facts.named === null ? headAtComment(facts) : namedCommit(facts.named, facts);
  if (meant.kind !== 'start') return meant;
  const same = facts.runs.find(
    (run) =>
      run.state !== 'ended' &&
      run.wish === null &&
      run.request.commit === meant.commit &&
      isDeepStrictEqual(run.request.flags, facts.flags),
  );
  return same ? reply({ about: 'already', run: same.id }) : meant;
}

/** The comment has its run: either the outcome was not written down before a crash, or it was edited since. */
function startedBefore(run: RunRecord, comment: RunFacts['comment']): IntakeOutcome {
  const { origin } = run.request;
  const isSame = origin.kind === 'comment' && origin.at === comment.updatedAt.getTime();
  return isSame ? { kind: 'run', run: run.id } : ignored(`it had started run ${run.id} before it was edited`);
}

function headAtComment({ comment, present, timeline, now }: RunFacts): Decision {
  const meant = commitAtComment(comment, present, timeline);
  if (meant.kind === 'commit') return { kind: 'start', commit: meant.commit, chosen: meant.chosen };
  if (meant.kind === 'moved') return reply({ about: 'head-moved', present, why: 'pushed-after-comment' });
  const age = now - comment.createdAt.getTime();
  // Bounded from both sides: a forge whose clock runs ahead must not be waited for.
  if (age >= 0 && age < TIMELINE_SETTLED_MS) return { kind: 'wait' };
  return reply({ about: 'head-moved', present, why: 'unexplained' });
}

function namedCommit(named: Sha, { present, commits }: RunFacts): Decision {
  if (named === present || commits.includes(named)) return { kind: 'start', commit: named, chosen: 'named' };
  return reply({ about: 'foreign-commit', named, present });
}

function reply(said: Reply): IntakeOutcome {
  return { kind: 'reply', reply: said };
}

function ignored(why: string): IntakeOutcome {
  return { kind: 'ignored', why };
}
