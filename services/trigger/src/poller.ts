import type { ForgeReader } from '@cc-ci/forge/forge';
import type { Comment, ForgeUser, IssueSeen } from '@cc-ci/forge/schema';
import type { IntakeJob } from '@cc-ci/shared/contract/queues';
import type { Settings } from '@cc-ci/shared/contract/settings';
import type { IntakeStore } from '@cc-ci/shared/runs/intake-store';
import type { Log } from '@cc-ci/shared/service/log';
import { reached } from '@cc-ci/shared/service/reached';
import { askFrom, type Cursor, firstCursor, readUpTo, tooOld } from './cursor.ts';
import type { CursorStore } from './cursor-store.ts';
import { carriesOurMark } from './decide.ts';
import { readComment } from './grammar.ts';

export interface PollerParts {
  readonly settings: Settings;
  readonly forge: Pick<ForgeReader, 'searchIssues' | 'comments'>;
  /** The account that cc-ci reads and speaks with. */
  readonly me: () => Promise<ForgeUser>;
  readonly cursors: CursorStore;
  readonly intake: Pick<IntakeStore, 'saw' | 'record'>;
  readonly enqueue: (job: IntakeJob) => Promise<void>;
  /** Hears of each repository that moved, one that is new among them. */
  readonly moved: (repositoryId: number) => void;
  /** Hears of each pull request that was closed and not merged. */
  readonly closed: (pull: IssueSeen) => Promise<void>;
  readonly log: Log;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** One look at the forge for each enrolled owner. Its work may be repeated, and done by several at once. */
export type Poll = (signal: AbortSignal) => Promise<void>;

/** What one poll of one owner goes by. */
interface Window {
  readonly since: Date;
  readonly serverTime: Date;
  readonly cursor: Cursor;
}

/**
 * Asks what moved, and writes down each comment that speaks to us before the cursor moves past it. Where the forge fails, the
 * cursor stays and the next poll asks again; that is said once, and once that it is over.
 */
export function openPoller({ settings, forge, me, cursors, intake, enqueue, moved, closed, log, now }: PollerParts): Poll {
  const failing = new Set<string>();
  const oldestMs = settings.trigger.oldest_minutes * 60_000;

  return async (signal) => {
    for (const owner of settings.enrol.owners) {
      if (signal.aborted) return;
      await pollOwner(owner, signal).then(
        () => sayWell(owner),
        (error: unknown) => sayFailing(owner, error),
      );
    }
  };

  function sayWell(owner: string): void {
    if (failing.delete(owner)) log.info({ owner }, 'The forge answers again; what was written meanwhile has been read.');
  }

  function sayFailing(owner: string, err: unknown): void {
    if (failing.has(owner)) return;
    failing.add(owner);
    log.warn({ owner, err }, 'New comments cannot be read. Nothing is lost: each poll tries again from the same place.');
  }

  async function pollOwner(owner: string, signal: AbortSignal): Promise<void> {
    const known = await cursors.read(owner);
    const since = askFrom(known, now(), oldestMs);
    const { issues, serverTime } = await forge.searchIssues({ owner, since });
    const cursor = known ?? firstCursor(since, serverTime);
    // Fixed before anything is read: when this poll breaks off, the next one must not take new comments for old ones.
    if (!known) await cursors.write(owner, cursor);
    for (const { repository } of issues) moved(repository.id);
    const failures: unknown[] = [];
    const wanted: IntakeJob[] = [];
    for (const issue of issues.filter(({ isPull }) => isPull)) {
      signal.throwIfAborted();
      await readPull(issue, { since, serverTime, cursor }, wanted).catch((error: unknown) => failures.push(error));
      if (issue.state === 'closed' && !issue.isMerged) await closed(issue);
    }
    // The forge lists what is newest first; who asked first is served first. Ids are of one sequence.
    for (const job of wanted.toSorted((a, b) => a.commentId - b.commentId)) {
      await enqueue(job);
      reached('trigger.enqueued');
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${issues.length} pages could not be read`);
    await cursors.write(owner, readUpTo(cursor, serverTime));
    reached('trigger.moved-on');
  }

  /** Adds to `wanted` what has to be read. */
  async function readPull(pull: IssueSeen, window: Window, wanted: IntakeJob[]): Promise<void> {
    const comments = await forge.comments(pull.repository, pull.number, window.since);
    for (const comment of comments) {
      const job = await note(pull, comment, window);
      if (job) wanted.push(job);
    }
  }

  /** Writes down that a comment was seen. @returns what has to be read, if it has to be */
  async function note(pull: IssueSeen, comment: Comment, { cursor, serverTime }: Window): Promise<IntakeJob | undefined> {
    // What cc-ci writes speaks of its own commands, and is edited all the time: that is nobody's mention of them.
    if (carriesOurMark(comment.body) && comment.author.id === (await me()).id) return undefined;
    if (readComment(comment.body, settings.trigger.word).kind === 'nothing') return undefined;
    const { id, owner, name } = pull.repository;
    const job: IntakeJob = { v: 1, repo: { id, owner, name }, commentId: comment.id, updatedAt: comment.updatedAt.getTime() };
    if (!(await intake.saw(job))) return undefined;
    reached('trigger.saw');
    const why = tooOld(comment, cursor, serverTime, oldestMs);
    if (why === undefined) return job;
    const { repo, commentId, updatedAt } = job;
    const outcome = { kind: 'ignored', why } as const;
    await intake.record({
      v: 1,
      repo,
      commentId,
      updatedAt,
      pull: pull.number,
      author: comment.author.login,
      seenAt: now(),
      outcome,
    });
    return undefined;
  }
}
