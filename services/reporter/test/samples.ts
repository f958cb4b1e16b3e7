import type { IntakeOutcome, IntakeRecord } from '@cc-ci/shared/contract/intake';
import type { Attempt, CleanUp, RunRecord, RunRequest, Step } from '@cc-ci/shared/contract/run';

/** Records as services write them, for tests to change in one point. */

export const START = Date.UTC(2026, 2, 1, 14, 0, 0);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const COMMIT = '4be91c07d4a1f09b2c3d4e5f60718293a4b5c6d7';
export const PUBLIC_URL = 'https://ci.example.org';
export const SUBJECT = 'pull-3-7';

export const proven = {
  state: 'proven',
  removed: { services: 3, containers: 3, networks: 2, volumes: 3, secrets: 2, configs: 1 },
  left: [],
  host: 'ci-1',
  at: START + 5 * MINUTE,
  milliseconds: 4_100,
} satisfies CleanUp;

export function request(change: Partial<RunRequest> = {}): RunRequest {
  return {
    origin: { kind: 'comment', commentId: 404, at: START },
    repo: { id: 3, owner: 'coop', name: 'hedgedoc' },
    cloneUrl: 'https://git.example.org/coop/hedgedoc.git',
    recipe: 'hedgedoc',
    pull: { number: 7, url: 'https://git.example.org/coop/hedgedoc/pulls/7', baseRef: 'main' },
    commit: COMMIT,
    chosen: 'head-at-comment',
    flags: { quick: false, extraTests: false, stages: null },
    by: 'boris',
    ...change,
  };
}

export function attempt(change: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    runner: 'runner-1',
    host: 'ci-1',
    stack: 'hedg-8f3a2c',
    domain: 'hedg-8f3a2c.ci.example.org',
    startedAt: START,
    endedAt: null,
    lostTo: null,
    cleanup: { state: 'pending' },
    ...change,
  };
}

export function step(tier: Step['tier'], state: Step['state'], seconds: number | null = null, change: Partial<Step> = {}): Step {
  const startedAt = seconds === null ? null : START;
  return {
    tier,
    state,
    startedAt,
    endedAt: startedAt === null || seconds === null ? null : startedAt + seconds * SECOND,
    reason: null,
    intended: false,
    findings: [],
    tests: [],
    note: null,
    ...change,
  };
}

export function run(change: Partial<RunRecord> = {}): RunRecord {
  return {
    v: 1,
    id: '8f3a2c',
    rev: 0,
    instance: 'demo',
    subject: SUBJECT,
    request: request(),
    createdAt: START,
    state: 'queued',
    attempts: [],
    wish: null,
    steps: [],
    base: null,
    doing: null,
    version: null,
    standIns: false,
    verdict: null,
    endedAt: null,
    level: null,
    amber: false,
    cause: null,
    before: null,
    resources: null,
    ...change,
  };
}

export function ended(verdict: RunRecord['verdict'], change: Partial<RunRecord> = {}): RunRecord {
  const endedAt = START + 200 * SECOND;
  return run({ state: 'ended', verdict, endedAt, level: 0, attempts: [attempt({ endedAt, cleanup: proven })], ...change });
}

export function intake(commentId: number, outcome: IntakeOutcome, change: Partial<IntakeRecord> = {}): IntakeRecord {
  return {
    v: 1,
    repo: { id: 3, owner: 'coop', name: 'hedgedoc' },
    commentId,
    updatedAt: START,
    pull: 7,
    author: 'ana',
    seenAt: START,
    outcome,
    ...change,
  };
}
