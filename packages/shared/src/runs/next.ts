import type { Tier, Verdict } from '../contract/glossary.ts';
import type { Attempt, Before, Cause, CleanUp, Doing, Resources, RunRecord, Step, Wish } from '../contract/run.ts';
import { isAmber, levelOf } from './level.ts';

/** Everything that can happen to a run. Whoever carries out an attempt names it; a newer attempt makes it a refusal. */
export type RunEvent =
  /** `attempt`: the number that whoever claims has named its stack after; it has to be the next one. */
  | { kind: 'claimed'; attempt: number; runner: string; host: string; stack: string; domain: string; at: number }
  | { kind: 'planned'; attempt: number; steps: readonly Planned[]; version: string | null; base: RunRecord['base'] }
  | { kind: 'stand-ins-seen'; attempt: number }
  | { kind: 'measured'; attempt: number; resources: Resources }
  | { kind: 'doing'; attempt: number; doing: Doing | null }
  | { kind: 'step-started'; attempt: number; tier: Tier; at: number }
  | ({ kind: 'step-ended'; attempt: number; tier: Tier; at: number } & Pick<Step, 'reason' | 'note'> &
      Partial<Pick<Step, 'findings' | 'tests'>> & {
        state: 'pass' | 'fail' | 'skip' | 'unver';
      })
  | { kind: 'ended'; attempt: number; verdict: Verdict; cause: Cause | null; before?: Before | null; at: number }
  /** Our own trouble ended the attempt: the run is queued again, or errored when it was the last one allowed. */
  | { kind: 'attempt-lost'; attempt: number; why: string; cause: Cause; at: number; attemptsAllowed: number }
  | { kind: 'cleaned'; attempt: number; cleanup: CleanUp }
  /** A run that goes on is stopped by whoever holds it; one that waits ends at once. */
  | { kind: 'wished'; wish: Wish };

export type Planned =
  | { tier: Tier; state: 'pending' }
  | { tier: Tier; state: 'skip'; reason: string; intended: boolean; note?: string };

export interface Refusal {
  readonly refused: string;
}

/** The attempt that may write, or undefined before the first. */
export function currentAttempt(run: RunRecord): Attempt | undefined {
  return run.attempts.at(-1);
}

/** Whether nobody has to do anything about this run any more. */
export function isSettled(run: RunRecord): boolean {
  return run.state === 'ended' && run.attempts.every((attempt) => attempt.cleanup.state === 'proven');
}

/** The only way in which a run changes: a record and an event give a record, or the reason why not. */
export function next(run: RunRecord, event: RunEvent): RunRecord | Refusal {
  switch (event.kind) {
    case 'claimed':
      return run.state === 'queued' && event.attempt === run.attempts.length + 1 ? claimed(run, event) : refuse(run, event);
    case 'wished':
      return wished(run, event);
    case 'cleaned':
      return cleaned(run, event);
    default:
      return run.state === 'running' && currentAttempt(run)?.number === event.attempt ? during(run, event) : refuse(run, event);
  }
}

/** What the attempt that holds the run says of it. */
function during(run: RunRecord, event: Exclude<RunEvent, { kind: 'claimed' | 'wished' | 'cleaned' }>): RunRecord | Refusal {
  switch (event.kind) {
    case 'planned':
      return { ...run, steps: event.steps.map(asStep), version: event.version, base: event.base };
    case 'stand-ins-seen':
      return { ...run, standIns: true };
    case 'measured':
      return { ...run, resources: event.resources };
    case 'doing':
      return { ...run, doing: event.doing };
    case 'step-started':
      return withStep(run, event.tier, 'pending', (step) => ({ ...step, state: 'running', startedAt: event.at }));
    case 'step-ended':
      return withStep(run, event.tier, 'running', (step) => ({
        ...step,
        state: event.state,
        endedAt: event.at,
        reason: event.reason,
        note: event.note,
        findings: event.findings ?? [],
        tests: event.tests ?? [],
      }));
    case 'ended':
      return { ...ended(run, event.verdict, event.cause, event.at), before: event.before ?? null };
    case 'attempt-lost':
      return attemptLost(run, event);
  }
}

function claimed(run: RunRecord, event: Extract<RunEvent, { kind: 'claimed' }>): RunRecord {
  const { attempt: number, runner, host, stack, domain, at } = event;
  const attempt: Attempt = {
    number,
    runner,
    host,
    stack,
    domain,
    startedAt: at,
    endedAt: null,
    lostTo: null,
    cleanup: { state: 'pending' },
  };
  return {
    ...run,
    state: 'running',
    attempts: [...run.attempts, attempt],
    steps: [],
    version: null,
    base: null,
    doing: null,
    resources: null,
  };
}

function wished(run: RunRecord, event: Extract<RunEvent, { kind: 'wished' }>): RunRecord | Refusal {
  const { wish } = event;
  if (run.state === 'ended') return refuse(run, event);
  if (run.state === 'queued') return { ...run, wish, state: 'ended', verdict: wish.stop, endedAt: wish.at };
  return run.wish ? run : { ...run, wish };
}

function ended(run: RunRecord, verdict: Verdict, cause: Cause | null, at: number): RunRecord {
  const why = verdict === 'failed' ? 'the run had failed before' : 'the run ended before';
  const steps = run.steps.map((step) =>
    step.state === 'pending' || step.state === 'running'
      ? { ...step, state: 'unver' as const, endedAt: step.startedAt && at, reason: why }
      : step,
  );
  return {
    ...run,
    state: 'ended',
    steps,
    verdict,
    cause,
    endedAt: at,
    doing: null,
    // Only what was tested, and all of it, gives a level: our own trouble and a word to stop leave the published one as it was.
    level: (verdict === 'passed' || verdict === 'failed') && run.request.flags.stages === null ? levelOf(steps) : null,
    amber: isAmber(verdict, steps),
    attempts: withLast(run.attempts, (attempt) => ({ ...attempt, endedAt: at })),
  };
}

function attemptLost(run: RunRecord, event: Extract<RunEvent, { kind: 'attempt-lost' }>): RunRecord {
  const attempts = withLast(run.attempts, (attempt) => ({ ...attempt, endedAt: event.at, lostTo: event.why }));
  if (run.wish) return ended({ ...run, attempts }, run.wish.stop, null, event.at);
  if (attempts.length >= event.attemptsAllowed) return ended({ ...run, attempts }, 'errored', event.cause, event.at);
  return { ...run, attempts, state: 'queued', steps: [], version: null, base: null, doing: null, resources: null };
}

/** Clean-up is told of any attempt at any time: it never changes the verdict. A proof is final. */
function cleaned(run: RunRecord, event: Extract<RunEvent, { kind: 'cleaned' }>): RunRecord | Refusal {
  const attempt = run.attempts.find(({ number }) => number === event.attempt);
  if (!attempt || attempt.cleanup.state === 'proven') return refuse(run, event);
  return {
    ...run,
    attempts: run.attempts.map((each) => (each === attempt ? { ...each, cleanup: event.cleanup } : each)),
  };
}

function withStep(run: RunRecord, tier: Tier, from: Step['state'], change: (step: Step) => Step): RunRecord | Refusal {
  const step = run.steps.find((each) => each.tier === tier);
  if (step?.state !== from) return { refused: `${run.id}: ${tier} is ${step?.state ?? 'not planned'}, expected ${from}` };
  return { ...run, steps: run.steps.map((each) => (each === step ? change(each) : each)) };
}

function withLast(attempts: readonly Attempt[], change: (attempt: Attempt) => Attempt): Attempt[] {
  return attempts.map((attempt, index) => (index === attempts.length - 1 ? change(attempt) : attempt));
}

function asStep(planned: Planned): Step {
  return {
    tier: planned.tier,
    state: planned.state,
    startedAt: null,
    endedAt: null,
    reason: planned.state === 'skip' ? planned.reason : null,
    intended: planned.state === 'skip' && planned.intended,
    note: (planned.state === 'skip' && planned.note) || null,
    findings: [],
    tests: [],
  };
}

function refuse(run: RunRecord, event: RunEvent): Refusal {
  const attempt = 'attempt' in event ? `, attempt ${event.attempt}` : '';
  return { refused: `${run.id} is ${run.state} in attempt ${run.attempts.length}: "${event.kind}"${attempt} comes too late` };
}
