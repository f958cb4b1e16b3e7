import type { NotConvergedReason } from './errors.ts';
import { type Assessment, assess, type Expected, ending, type Failure, failuresOf } from './health.ts';
import type { ServiceState } from './states.ts';

/** When what looks wrong is held for wrong. Milliseconds, and counts of ended tasks. */
export interface Patience {
  readonly suspectMs: Readonly<Record<NotConvergedReason, number>>;
  readonly endings: Readonly<Record<Failure['reason'], number>>;
  readonly crashLoopMs: number;
}

export const defaultPatience: Patience = {
  suspectMs: {
    // Swarm is in these states for moments while one update replaces another, or while the old task frees its port.
    paused: 10_000,
    unschedulable: 20_000,
    'rolled-back': 10_000,
    // Between the end of a task and its successor.
    'crash-loop': 5_000,
    unhealthy: 5_000,
    rejected: 5_000,
    timeout: 0,
  },
  // Many apps end themselves a few times until their database answers.
  endings: { 'crash-loop': 4, unhealthy: 2, rejected: 3 },
  // A database that sets itself up without a health check needs up to a minute on a slow host; what has no neighbour waits for none.
  crashLoopMs: 60_000,
};

/** What the looks so far have taught. */
export interface Memory {
  readonly failures: ReadonlyMap<string, readonly Failure[]>;
  /** Since when a service has been suspect, by its name. */
  readonly suspectSince: ReadonlyMap<string, number>;
  /** Since when every service either stands or ends again and again: none that another may wait for is still on its way. */
  readonly settledSince: number | undefined;
}

export const noMemory: Memory = { failures: new Map(), suspectSince: new Map(), settledSince: undefined };

export type Judgement =
  | { readonly is: 'converged' }
  /** Nothing changes by itself before `untilMs` (the engine's clock) unless the engine rings. */
  | { readonly is: 'waiting'; readonly service: string; readonly what: string; readonly untilMs: number | undefined }
  /** The engine does not do its part. */
  | { readonly is: 'blocked'; readonly service: string; readonly what: string }
  | {
      readonly is: 'failed';
      readonly service: string;
      readonly reason: NotConvergedReason;
      readonly what: string;
      readonly failures: readonly Failure[];
    };

/** What is wanted: the release's services, each with its commit, for so long. */
export interface Wanted extends Expected {
  readonly services: readonly string[];
}

interface Row {
  readonly name: string;
  readonly assessment: Assessment;
  readonly failures: readonly Failure[];
}

/**
 * Decides, from a look at all services and what earlier looks taught, whether the release has converged, never will, or needs time.
 * `now` is the engine's clock in milliseconds.
 */
export function judge(
  states: readonly ServiceState[],
  wanted: Wanted,
  memory: Memory,
  now: number,
  patience = defaultPatience,
): { judgement: Judgement; memory: Memory } {
  const rows = wanted.services.map((name): Row => {
    const state = states.find((candidate) => candidate.name === name);
    if (!state) return { name, assessment: { is: 'moving', what: 'waits for Swarm to create it' }, failures: [] };
    const failures = remember(memory.failures.get(name) ?? [], failuresOf(state));
    return { name, assessment: assess(state, wanted, failures, now), failures };
  });
  const suspects = rows.filter(({ assessment }) => assessment.is === 'suspect');
  const settled = rows.every(({ assessment, failures }) => assessment.is === 'steady' || endsTooOften(failures, patience));
  const next: Memory = {
    failures: new Map(rows.map(({ name, failures }) => [name, failures])),
    suspectSince: new Map(suspects.map(({ name }) => [name, memory.suspectSince.get(name) ?? now])),
    settledSince: settled ? (memory.settledSince ?? now) : undefined,
  };
  return {
    judgement: hopeless(rows, next, now, patience) ?? waitingFor(rows, next, now, patience) ?? { is: 'converged' },
    memory: next,
  };
}

function remember(known: readonly Failure[], seen: readonly Failure[]): Failure[] {
  const fresh = seen.filter(({ task }) => !known.some((old) => old.task === task));
  return [...known, ...fresh].toSorted((a, b) => a.at - b.at);
}

function hopeless(rows: readonly Row[], memory: Memory, now: number, patience: Patience): Judgement | undefined {
  const neighboursStoodSince = rows.length === 1 ? Number.NEGATIVE_INFINITY : memory.settledSince;
  for (const { name, assessment, failures } of rows) {
    const failed = (reason: NotConvergedReason, what: string): Judgement => ({
      is: 'failed',
      service: name,
      reason,
      what,
      failures,
    });
    if (assessment.is === 'blocked') return { is: 'blocked', service: name, what: assessment.what };
    if (assessment.is === 'doomed') return failed(assessment.reason, assessment.what);
    if (assessment.is === 'suspect' && now - (memory.suspectSince.get(name) ?? now) >= patience.suspectMs[assessment.reason]) {
      return failed(assessment.reason, assessment.what);
    }
    const loop = assessment.is === 'moving' ? loopOf(failures, neighboursStoodSince, now, patience) : undefined;
    if (loop) return failed(loop.reason, `${ending(loop)}, ${failures.length} times`);
  }
  return undefined;
}

/** The last ending, when a service has ended so often, and so long after the others stood, that waiting is no use. */
function loopOf(
  failures: readonly Failure[],
  neighboursStoodSince: number | undefined,
  now: number,
  patience: Patience,
): Failure | undefined {
  const last = failures.at(-1);
  if (!last || !endsTooOften(failures, patience)) return undefined;
  // What the engine refuses to start does not wait for its neighbours.
  if (last.reason === 'rejected') return last;
  if (neighboursStoodSince === undefined) return undefined;
  return last.reason === 'crash-loop' && now - neighboursStoodSince < patience.crashLoopMs ? undefined : last;
}

function endsTooOften(failures: readonly Failure[], patience: Patience): boolean {
  const last = failures.at(-1);
  return last !== undefined && failures.filter(({ reason }) => reason === last.reason).length >= patience.endings[last.reason];
}

function waitingFor(rows: readonly Row[], memory: Memory, now: number, patience: Patience): Judgement | undefined {
  for (const { name, assessment } of rows) {
    if (assessment.is === 'suspect') {
      const since = memory.suspectSince.get(name) ?? now;
      return { is: 'waiting', service: name, what: assessment.what, untilMs: since + patience.suspectMs[assessment.reason] };
    }
    if (assessment.is === 'moving') return { is: 'waiting', service: name, what: assessment.what, untilMs: undefined };
  }
  const held = rows.flatMap(({ name, assessment }) =>
    assessment.is === 'steady' ? [{ name, until: assessment.since + assessment.holdMs }] : [],
  );
  const last = held.toSorted((a, b) => b.until - a.until).at(0);
  if (!last || last.until <= now) return undefined;
  return { is: 'waiting', service: last.name, what: 'runs and is watched for a while', untilMs: last.until };
}
