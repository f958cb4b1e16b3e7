import type { Tier } from '@cc-ci/shared/contract/glossary';
import { type Doing, MOST_FINDINGS, MOST_TESTS } from '@cc-ci/shared/contract/run';
import type { RunEvent } from '@cc-ci/shared/runs/next';
import type { RunStore } from '@cc-ci/shared/runs/store';
import type { HeldRun } from './claim.ts';
import type { RunLog } from './logs.ts';
import { LeaseLost } from './stop.ts';
import type { TierResult } from './tiers/tier.ts';

const outcomes: Record<TierResult['state'], string> = {
  pass: 'passed',
  fail: 'failed',
  skip: 'was skipped',
  unver: 'could not be made',
};

type WithoutAttempt<Event> = Event extends { attempt: number } ? Omit<Event, 'attempt'> : never;
/** What an attempt says of its run. */
export type AttemptEvent = WithoutAttempt<Exclude<RunEvent, { kind: 'claimed' }>>;

/** Writes the story of one attempt: into the record for machines, into the log for people. */
export interface Journal {
  /** The step that is running, or null between steps. */
  tier(): Tier | null;
  /** What the attempt does at this moment, or null. */
  doing(): string | null;
  /** Tells what it does now, as words that follow "Now:"; `untilMs` (Unix) is when it gives up waiting. Does not wait for Redis. */
  now(what: string, untilMs?: number): void;
  /** A sentence for the log alone. @param from who says it: the running step unless given */
  say(sentence: string, from?: string): void;
  /** Writes an event into the record. Throws LeaseLost when the record does not take it. */
  record(event: AttemptEvent): Promise<void>;
  /** Carries out one step and writes down its begin and its end. Of one that throws, the end is written by `broke`, if at all. */
  step(tier: Tier, work: () => Promise<TierResult>): Promise<TierResult>;
  /** Writes down that the running step failed, if one is running. */
  broke(reason: string): Promise<void>;
}

/** @param now Unix milliseconds */
export function openJournal(
  { run, attempt }: Pick<HeldRun, 'run' | 'attempt'>,
  store: Pick<RunStore, 'apply'>,
  log: RunLog,
  now: () => number,
): Journal {
  let running: Tier | null = null;
  let current: Doing | null = null;
  let unwritten: Doing | undefined;
  let writing = false;

  /** Only the latest matters: what came between is skipped. It is news, not a fact; when it cannot be written, nothing is lost. */
  const writeDoing = async (): Promise<void> => {
    if (writing) return;
    writing = true;
    for (; unwritten; ) {
      const doing = unwritten;
      unwritten = undefined;
      await store.apply(run.id, { kind: 'doing', attempt, doing }).catch(() => undefined);
    }
    writing = false;
  };

  const record = async (event: AttemptEvent): Promise<void> => {
    const answer = await store.apply(run.id, { ...event, attempt });
    if ('refused' in answer) throw new LeaseLost(answer.refused);
  };

  const say = (sentence: string, from: string = running ?? 'cc-ci'): void => log.line(from, sentence);

  return {
    tier: () => running,
    doing: () => current?.what ?? null,
    say,
    now(what, untilMs) {
      current = { what, since: now(), until: untilMs ?? null };
      unwritten = current;
      say(`${what.charAt(0).toUpperCase()}${what.slice(1)}.`);
      void writeDoing();
    },
    record,
    async step(tier, work) {
      await record({ kind: 'step-started', tier, at: now() });
      running = tier;
      const result = await work();
      const { state, reason, note, findings = [], tests = [] } = result;
      const details = { findings: findings.slice(0, MOST_FINDINGS), tests: tests.slice(0, MOST_TESTS) };
      await record({ kind: 'step-ended', tier, at: now(), state, reason, note, ...details });
      say(`Step ${tier} ${outcomes[state]}${reason === null ? '' : `: ${reason}`}.`);
      running = null;
      return result;
    },
    async broke(reason) {
      if (running === null) return;
      const tier = running;
      running = null;
      await record({ kind: 'step-ended', tier, at: now(), state: 'fail', reason, note: null });
    },
  };
}
