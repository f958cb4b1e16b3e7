import { z } from 'zod';
import { tiers, verdicts } from './glossary.ts';
import { Millis, RepoRef, RunId, Sha, Slug, Subject } from './ids.ts';

/** Why a run exists. It is also the identity that makes one request at most one run. */
export const Origin = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('comment'), commentId: z.int().positive(), at: Millis }),
  z.object({ kind: z.literal('sweep'), sweep: Slug }),
  z.object({ kind: z.literal('api'), key: z.string().min(1) }),
]);
export type Origin = z.infer<typeof Origin>;

export const RunFlags = z.object({
  quick: z.boolean(),
  extraTests: z.boolean(),
  /** Only these tiers and what they stand on; null: all. */
  stages: z.array(z.enum(tiers)).nullable(),
});
export type RunFlags = z.infer<typeof RunFlags>;

export const RunRequest = z.object({
  origin: Origin,
  repo: RepoRef,
  cloneUrl: z.url(),
  recipe: z.string().min(1),
  /** null: not about a pull request. */
  pull: z.object({ number: z.int().positive(), url: z.url(), baseRef: z.string() }).nullable(),
  commit: Sha,
  /** How the commit was chosen, for the sentence in the comment. */
  chosen: z.enum(['head-at-comment', 'own-push-after-comment', 'named', 'release', 'default-branch']),
  /** The branch that the commit is the head of, where it was chosen for that. */
  branch: z.string().min(1).optional(),
  flags: RunFlags,
  /** Login of whoever asked, or null for a schedule. */
  by: z.string().nullable(),
});
export type RunRequest = z.infer<typeof RunRequest>;

export const StepState = z.enum(['pending', 'running', 'pass', 'fail', 'skip', 'unver']);

/** Something that lint holds against a recipe. Foreign text in code spans, nothing made harmless. */
export const Finding = z.object({
  /** `R011`, as abra numbers its rules, or the name of one of ours. */
  rule: z.string(),
  /** An error is why lint is red; a warning is only said. */
  severity: z.enum(['error', 'warning']),
  file: z.string(),
  /** Counted from 1; null where it is about the whole file. */
  line: z.int().positive().nullable(),
  /** A clause without a full stop. */
  problem: z.string(),
  /** What to do, as a clause that goes on after "To reach level 5: ". */
  remedy: z.string(),
});
export type Finding = z.infer<typeof Finding>;

/** One test of a recipe and how it ended. */
export const TestResult = z.object({
  name: z.string(),
  state: z.enum(['pass', 'fail', 'skip']),
  /** Of a failure or a skip: what it said, foreign text, raw; the log has all of it. */
  said: z.string(),
});
export type TestResult = z.infer<typeof TestResult>;

/** A record stays small whatever a recipe holds: more than these say nothing new. */
export const MOST_FINDINGS = 100;
export const MOST_TESTS = 500;

/** One tier in one attempt. `unver`: it should have run and did not. */
export const Step = z.object({
  tier: z.enum(tiers),
  state: StepState,
  startedAt: Millis.nullable(),
  endedAt: Millis.nullable(),
  /** Of a skip, an unver or a fail: a half sentence in lower case, e.g. "there is no earlier version to upgrade from". */
  reason: z.string().nullable(),
  /** Of a skip: as it should be, since there is nothing that the step could test. */
  intended: z.boolean().default(false),
  /** Facts worth a word in the table, e.g. "from `2.1.0+1.10.0`" or "nothing to upgrade". */
  note: z.string().nullable(),
  /** Of lint, errors first. */
  findings: z.array(Finding).max(MOST_FINDINGS).default([]),
  /** Of steps that run tests, in the order in which they ran. */
  tests: z.array(TestResult).max(MOST_TESTS).default([]),
});
export type Step = z.infer<typeof Step>;

/** The reason of a skip that is as whoever asked wanted it. */
export const NOT_ASKED_FOR = 'not asked for';

/** The note of an upgrade that passed because base and commit deploy the same. */
export const NOTHING_TO_UPGRADE = 'nothing to upgrade';

/** What ended a run badly, ready for people. `fault` says whose it is. */
export const Cause = z.object({
  fault: z.enum(['app', 'recipe', 'ours']),
  /** null: before the first tier, e.g. the recipe cannot be read. */
  tier: z.enum(tiers).nullable(),
  /** Completes "Failed at upgrade: …" with a full stop; Markdown code spans allowed, everything foreign already made harmless. */
  sentence: z.string().min(1),
  /** The lines that the sentence rests on, foreign text, raw. */
  evidence: z.array(z.object({ text: z.string(), source: z.string() })).max(12),
  /** What to do next, a full sentence. */
  remedy: z.string().nullable(),
});
export type Cause = z.infer<typeof Cause>;

/** What the app took of its host, in the run of a commit. */
export const Resources = z.object({
  /** The most that was seen, of all containers together; null where the host does not count. */
  memoryBytes: z.int().nonnegative().nullable(),
  imageBytes: z.int().nonnegative(),
  /** From the deployment to the first answer, of the last one. */
  startMs: Millis.nullable(),
});
export type Resources = z.infer<typeof Resources>;

/** An earlier run of the same repository that came to a verdict, as far as a later one is compared with it. */
export const Earlier = z.object({
  run: RunId,
  commit: Sha,
  verdict: z.enum(['passed', 'failed']),
  level: z.int().min(0).max(5).nullable(),
  /** What ended it badly; null where it passed, and before the first step. */
  failedAt: z.enum(tiers).nullable(),
  states: z.partialRecord(z.enum(tiers), StepState),
  resources: Resources.nullable().default(null),
  endedAt: Millis,
});
export type Earlier = z.infer<typeof Earlier>;

/** What was known from before when a run came to its verdict. */
export const Before = z.object({
  /** The last run of the branch that the commit is to go to, or was taken from. */
  branch: z.object({ name: z.string(), last: Earlier }).nullable(),
  /** The last run of the very same commit that says otherwise: what fails only now and then is flaky. */
  otherwise: Earlier.nullable(),
});
export type Before = z.infer<typeof Before>;

export const resourceKinds = ['services', 'containers', 'networks', 'volumes', 'secrets', 'configs'] as const;
export type ResourceKind = (typeof resourceKinds)[number];

export const CleanUp = z.discriminatedUnion('state', [
  z.object({ state: z.literal('pending') }),
  z.object({
    state: z.enum(['proven', 'remaining']),
    removed: z.partialRecord(z.enum(resourceKinds), z.int().nonnegative()),
    /** What is still there, each `<kind> <name>: why`; empty when proven. */
    left: z.array(z.string()),
    host: z.string(),
    at: Millis,
    milliseconds: Millis,
  }),
]);
export type CleanUp = z.infer<typeof CleanUp>;

export const Attempt = z.object({
  number: z.int().positive(),
  runner: z.string(),
  host: Slug,
  stack: z.string(),
  domain: z.string(),
  startedAt: Millis,
  endedAt: Millis.nullable(),
  /** Why it ended without a verdict: the runner was lost, or our own trouble that is worth another try. */
  lostTo: z.string().nullable(),
  cleanup: CleanUp,
});
export type Attempt = z.infer<typeof Attempt>;

/** That the run should stop, and why. The runner watches for it. */
export const Wish = z.object({
  stop: z.enum(['cancelled', 'superseded']),
  /** `asked`: by a person; `closed`: its pull request was closed. */
  why: z.enum(['asked', 'closed']).default('asked'),
  /** Null where the forge does not say who closed it. */
  by: z.string().nullable(),
  at: Millis,
});
export type Wish = z.infer<typeof Wish>;

/** What the run does at this moment, for people: "waiting for `app` to be healthy". */
export const Doing = z.object({ what: z.string(), since: Millis, until: Millis.nullable() });
export type Doing = z.infer<typeof Doing>;

/** The truth about one run. Changed only by runs/next.ts, written only by compare-and-set on `rev`. */
export const RunRecord = z.object({
  v: z.literal(1),
  id: RunId,
  rev: z.int().nonnegative(),
  instance: Slug,
  subject: Subject,
  request: RunRequest,
  createdAt: Millis,
  state: z.enum(['queued', 'running', 'ended']),
  /** Empty until it is first claimed. The last one is the only one that may write, but for clean-ups. */
  attempts: z.array(Attempt),
  wish: Wish.nullable(),
  steps: z.array(Step),
  /** The recipe version that the commit names; null until it is read, and where it names none. */
  version: z.string().nullable().default(null),
  /** What the upgrade starts from; null until chosen, and when there is none. */
  base: z.object({ version: z.string().nullable(), commit: Sha }).nullable(),
  doing: Doing.nullable(),
  /** The images were stand-ins: demo and tests only, sets no badge. */
  standIns: z.boolean(),
  verdict: z.enum(verdicts).nullable(),
  endedAt: Millis.nullable(),
  level: z.int().min(0).max(5).nullable(),
  /** Passed, but with a step that is red, did not run, or was skipped and should have been there. */
  amber: z.boolean(),
  cause: Cause.nullable(),
  /** Null until there is a verdict about the commit. */
  before: Before.nullable().default(null),
  /** Null until an app was up to be measured. */
  resources: Resources.nullable().default(null),
});
export type RunRecord = z.infer<typeof RunRecord>;
