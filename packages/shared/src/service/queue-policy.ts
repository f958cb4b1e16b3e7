import type { DefaultJobOptions } from 'bullmq';
import type { z } from 'zod';
import { type JobOf, type QueueName, queues } from '../contract/queues.ts';

/** A row of the contract's table, as code that does not care which queue it serves sees it. */
interface QueueRow<Job> {
  readonly name: string;
  readonly schema: z.ZodType<Job>;
  readonly idOf: (job: Job) => string;
  readonly coalesce?: boolean;
}
export const queueRows: { readonly [Name in QueueName]: QueueRow<JobOf<Name>> } = queues;

/** How one queue treats its jobs. */
interface QueuePolicy {
  readonly jobs: DefaultJobOptions;
  /** How often a job may be left behind by a dead worker before it is failed without being tried again. */
  readonly maxStalledCount: number;
  /** Jobs of this queue that may be worked on at the same time, in all processes together; undefined: any number. */
  readonly globalConcurrency?: number;
}

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

const FIRST_RETRY_MS = 1_000;
/** What waits for a forge that was away goes on this soon after it is back. Milliseconds. */
const MAX_RETRY_MS = 30_000;
/** Pauses are spread by this much, so that what failed together does not come back together. */
const RETRY_JITTER = 0.2;

/** The pause in ms after attempt number `attemptsMade`, from 1: about 1, 2, 4 … 30 s. `random`: from 0 to 1. */
export function retryDelayMs(attemptsMade: number, random: number): number {
  const base = Math.min(FIRST_RETRY_MS * 2 ** (attemptsMade - 1), MAX_RETRY_MS);
  return Math.round(base * (1 + RETRY_JITTER * (2 * random - 1)));
}

/** Attempts whose pauses add up to a day: longer than the forge or a network are ever away without anybody noticing. */
export const ATTEMPTS_FOR_A_DAY = attemptsFor(DAY_S * 1_000);

/** A job is a name, never data: what is larger than this is a mistake. */
const MAX_JOB_BYTES = 1_024;
/** A worker that is killed takes a job along; no job but a run is dangerous enough to stop after so many. */
const MANY_STALLS = 100;

const once = { attempts: 1 } as const;
const forADay = { attempts: ATTEMPTS_FOR_A_DAY, backoff: { type: 'custom' } } as const;

/** One row per queue: how often its jobs are tried, how long they are kept to be looked at. */
export const queuePolicies: Readonly<Record<QueueName, QueuePolicy>> = {
  // The next tick is the retry.
  poll: { jobs: { ...once, ...kept(HOUR_S, DAY_S) }, maxStalledCount: MANY_STALLS, globalConcurrency: 1 },
  intake: { jobs: { ...forADay, ...kept(7 * DAY_S, 30 * DAY_S) }, maxStalledCount: MANY_STALLS },
  // Whether a run is run again is decided by the lease in its record, never by the queue.
  runs: { jobs: { ...once, ...kept(7 * DAY_S, 30 * DAY_S) }, maxStalledCount: 0 },
  reports: { jobs: { ...forADay, ...kept(HOUR_S, 7 * DAY_S) }, maxStalledCount: MANY_STALLS },
  // As for polls.
  infra: { jobs: { ...once, ...kept(7 * DAY_S, 30 * DAY_S) }, maxStalledCount: MANY_STALLS, globalConcurrency: 1 },
};

/** Seconds that completed and failed jobs are kept, and never more than fit on a page of the queue board's memory. */
function kept(completedS: number, failedS: number) {
  return {
    sizeLimit: MAX_JOB_BYTES,
    removeOnComplete: { age: completedS, count: 10_000 },
    removeOnFail: { age: failedS, count: 10_000 },
  };
}

function attemptsFor(totalMs: number): number {
  let attempts = 1;
  for (let waited = 0; waited < totalMs; attempts += 1) waited += retryDelayMs(attempts, 0.5);
  return attempts;
}
