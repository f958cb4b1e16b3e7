import { z } from 'zod';
import { Millis, RepoRef, RunId, Sha } from './ids.ts';

/** What cc-ci says back where a comment did not become a run. Facts only: the reporter makes the sentence. */
export const Reply = z.discriminatedUnion('about', [
  z.object({ about: z.literal('help') }),
  z.object({ about: z.literal('not-yet'), what: z.string() }),
  z.object({ about: z.literal('mistake'), said: z.string(), didYouMean: z.string().nullable(), problem: z.string() }),
  /** `visibility: public-only`: the forge shows us public memberships only, so the author may well be a member. */
  z.object({ about: z.literal('outsider'), organisation: z.string(), commit: Sha, visibility: z.enum(['all', 'public-only']) }),
  z.object({ about: z.literal('head-moved'), present: Sha, why: z.enum(['pushed-after-comment', 'unexplained']) }),
  z.object({ about: z.literal('foreign-commit'), named: z.string(), present: Sha }),
  z.object({ about: z.literal('closed') }),
  z.object({ about: z.literal('already'), run: RunId }),
  /** A word to stop, by somebody whose word does not. */
  z.object({ about: z.literal('not-a-member'), organisation: z.string(), visibility: z.enum(['all', 'public-only']) }),
  z.object({ about: z.literal('nothing-to-stop') }),
  /** Its author has as many runs waiting or going on as one person may have. */
  z.object({ about: z.literal('too-many'), limit: z.int().positive(), runs: z.array(RunId) }),
  /** What was going on at that moment: here, and on all of cc-ci. */
  z.object({
    about: z.literal('status'),
    here: z.object({ run: RunId, state: z.enum(['queued', 'running']), step: z.string().nullable() }).nullable(),
    running: z.int().nonnegative(),
    waiting: z.int().nonnegative(),
    runners: z.int().nonnegative(),
  }),
]);
export type Reply = z.infer<typeof Reply>;

/** How a comment ended. Every comment that was seen ends as exactly one of these. */
export const IntakeOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), run: RunId }),
  z.object({ kind: z.literal('reply'), reply: Reply }),
  /** It stopped these runs: their own comments say so. */
  z.object({ kind: z.literal('stopped'), runs: z.array(RunId) }),
  /** Seen and not acted on, shown by a reaction. */
  z.object({ kind: z.literal('confused'), why: z.string() }),
  /** Not for us, or too old: nothing is said on the forge, the reason is kept. */
  z.object({ kind: z.literal('ignored'), why: z.string() }),
]);
export type IntakeOutcome = z.infer<typeof IntakeOutcome>;

/** One comment, as it stood when it was read. Created once per comment and its time of change. */
export const IntakeRecord = z.object({
  v: z.literal(1),
  repo: RepoRef,
  commentId: z.int().positive(),
  updatedAt: Millis,
  pull: z.int().positive().nullable(),
  author: z.string(),
  seenAt: Millis,
  outcome: IntakeOutcome,
});
export type IntakeRecord = z.infer<typeof IntakeRecord>;
