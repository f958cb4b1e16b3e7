import { ForgeMoved } from '@cc-ci/forge/errors';
import type { ForgeReader } from '@cc-ci/forge/forge';
import type { Comment, ForgeUser, PullRequest } from '@cc-ci/forge/schema';
import { pullSubject, type RunId, Sha } from '@cc-ci/shared/contract/ids';
import type { IntakeOutcome, Reply } from '@cc-ci/shared/contract/intake';
import type { IntakeJob, RunJob } from '@cc-ci/shared/contract/queues';
import type { Wish } from '@cc-ci/shared/contract/run';
import type { Settings } from '@cc-ci/shared/contract/settings';
import type { IntakeStore } from '@cc-ci/shared/runs/intake-store';
import type { RunStore } from '@cc-ci/shared/runs/store';
import type { Log } from '@cc-ci/shared/service/log';
import type { Outcome } from '@cc-ci/shared/service/queue-worker';
import { reached } from '@cc-ci/shared/service/reached';
import { admit } from './admit.ts';
import { type AboutRuns, type Ask, decideRun, type Start, screen } from './decide.ts';
import { isEnrolled } from './enrolment.ts';
import { standingOf } from './membership.ts';
import { runsElsewhere, runsToStop, wishOf } from './stopping.ts';

export interface IntakeParts {
  readonly settings: Settings;
  readonly forge: ForgeReader;
  /** The account that cc-ci reads and speaks with. */
  readonly me: () => Promise<ForgeUser>;
  readonly intake: IntakeStore;
  readonly runs: RunStore;
  readonly enqueueIntake: (job: IntakeJob) => Promise<void>;
  readonly enqueueRun: (job: RunJob) => Promise<void>;
  readonly runnersUp: () => Promise<number>;
  readonly log: Log;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Pause before the forge is asked again whether it has written down a push. */
const WAIT_MS = 5_000;

/**
 * Does what one comment asks: reads it again by its id, decides, and writes down how it ended. Throws a ForgeError while the
 * forge says neither yes nor no; the job is then tried again. Safe to repeat, and to break off at any point.
 */
export function openIntake(parts: IntakeParts): (job: IntakeJob) => Promise<Outcome> {
  const { settings, forge, intake, runs, log, now } = parts;
  return async (job) => {
    if (await intake.read(job)) return { done: true };
    try {
      const comment = await forge.comment(job.repo, job.commentId);
      if (comment && comment.updatedAt.getTime() !== job.updatedAt) return await passOn(job, comment);
      const screened = await screenComment(job, comment);
      switch (screened.kind) {
        case 'ask':
          return await grant(job, screened);
        case 'cancel':
          return await end(job, comment, await stop(job, screened));
        case 'status':
          return await end(job, comment, { kind: 'reply', reply: await status(job, screened) });
        default:
          return await end(job, comment, screened);
      }
    } catch (error) {
      if (!(error instanceof ForgeMoved)) throw error;
      return end(job, undefined, { kind: 'ignored', why: 'its repository was renamed before it was read' });
    }
  };

  /** It was edited since it was seen: as it stands now, it is another entry. */
  async function passOn(job: IntakeJob, comment: Comment): Promise<Outcome> {
    const edited = { ...job, updatedAt: comment.updatedAt.getTime() };
    if (await intake.saw(edited)) await parts.enqueueIntake(edited);
    return end(job, comment, { kind: 'ignored', why: 'it was edited before it was read, and is read as it stands now' });
  }

  async function screenComment({ repo }: IntakeJob, comment: Comment | undefined): Promise<IntakeOutcome | Ask | AboutRuns> {
    return screen(comment, {
      me: await parts.me(),
      ignore: settings.people.ignore,
      enrolled: isEnrolled(settings.enrol, repo),
      word: settings.trigger.word,
      earlier: comment?.pullNumber === undefined ? [] : await intake.ofSubject(pullSubject(repo.id, comment.pullNumber)),
      now: now(),
    });
  }

  async function grant(job: IntakeJob, ask: Ask): Promise<Outcome> {
    const { repo } = job;
    // The head before the timeline: what is pushed in between then shows as a push, or leaves the head unexplained.
    const pull = await forge.pullRequest(repo, ask.pull);
    const present = Sha.safeParse(pull.head.sha);
    if (!present.success) return end(job, ask.comment, { kind: 'confused', why: 'its commits have SHA-256 ids' });
    const decision = decideRun({
      comment: ask.comment,
      organisation: repo.owner,
      named: ask.named,
      commits: ask.named === null ? [] : await forge.pullCommits(repo, ask.pull),
      open: pull.state === 'open',
      present: present.data,
      timeline: await forge.timeline(repo, ask.pull),
      standing: await standingOf(forge, settings.people.allow, repo, ask.comment.author.login),
      runs: await runs.ofSubject(pullSubject(repo.id, ask.pull)),
      flags: ask.flags,
      now: now(),
    });
    reached('trigger.decided');
    if (decision.kind === 'wait') return { later: WAIT_MS, why: 'the forge has not yet written down what was pushed' };
    if (decision.kind !== 'start') return end(job, ask.comment, decision);
    const others = runsElsewhere(await runs.open(), ask.comment.author.login, pullSubject(repo.id, ask.pull));
    const limit = settings.people.runs_per_person;
    if (others.length < limit) return start(job, ask, pull, decision);
    return end(job, ask.comment, { kind: 'reply', reply: { about: 'too-many', limit, runs: others.map(({ id }) => id) } });
  }

  async function start(job: IntakeJob, { comment, flags }: Ask, pull: PullRequest, { commit, chosen }: Start): Promise<Outcome> {
    const { owner, name, cloneUrl } = await forge.repository(job.repo);
    const request = {
      origin: { kind: 'comment', commentId: comment.id, at: job.updatedAt },
      repo: { id: job.repo.id, owner, name },
      cloneUrl,
      recipe: name,
      pull: { number: pull.number, url: pull.htmlUrl, baseRef: pull.base.ref },
      commit,
      chosen,
      flags,
      by: comment.author.login,
    } as const;
    await admit({ runs, enqueue: parts.enqueueRun, now }, request, async (run) => {
      // A newer request takes the place of those before it; a mere push stops nothing.
      await stopRuns('superseded', job, comment.author.login, pull.number);
      await end(job, comment, { kind: 'run', run: run.id });
    });
    return { done: true };
  }

  /** A word to stop, of somebody whose word does. */
  async function stop(job: IntakeJob, { comment, pull }: AboutRuns): Promise<IntakeOutcome> {
    const { login } = comment.author;
    const standing = await standingOf(forge, settings.people.allow, job.repo, login);
    if (!standing.may) {
      const { visibility } = standing;
      return { kind: 'reply', reply: { about: 'not-a-member', organisation: job.repo.owner, visibility } };
    }
    const stopped = await stopRuns('cancelled', job, login, pull);
    return stopped.length === 0 ? { kind: 'reply', reply: { about: 'nothing-to-stop' } } : { kind: 'stopped', runs: stopped };
  }

  /** Stops what was asked for before this comment, but for what it asks for itself. @returns their ids */
  async function stopRuns(how: Wish['stop'], job: IntakeJob, by: string, pull: number): Promise<RunId[]> {
    const ending = { at: job.updatedAt, commentId: job.commentId, by };
    const meant = runsToStop(await runs.ofSubject(pullSubject(job.repo.id, pull)), ending);
    for (const { id, wish } of meant)
      if (wish === null) await runs.apply(id, { kind: 'wished', wish: wishOf(how, ending, now()) });
    return meant.map(({ id }) => id);
  }

  async function status(job: IntakeJob, { pull }: AboutRuns): Promise<Reply> {
    const open = (await runs.open()).filter(({ state }) => state !== 'ended');
    const subject = pullSubject(job.repo.id, pull);
    const here = open.filter((run) => run.subject === subject).at(-1);
    const step = here?.steps.find(({ state }) => state === 'running')?.tier ?? null;
    return {
      about: 'status',
      here: here && here.state !== 'ended' ? { run: here.id, state: here.state, step } : null,
      running: open.filter(({ state }) => state === 'running').length,
      waiting: open.filter(({ state }) => state === 'queued').length,
      runners: await parts.runnersUp(),
    };
  }

  async function end(job: IntakeJob, comment: Comment | undefined, outcome: IntakeOutcome): Promise<Outcome> {
    await intake.record({
      v: 1,
      repo: job.repo,
      commentId: job.commentId,
      updatedAt: job.updatedAt,
      pull: comment?.pullNumber ?? null,
      author: comment?.author.login ?? '',
      seenAt: now(),
      outcome,
    });
    log.info({ repo: job.repo.name, pull: comment?.pullNumber, comment: job.commentId, outcome }, 'A comment was read.');
    return { done: true };
  }
}
