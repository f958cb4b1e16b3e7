import { Worker as BullWorker, DelayedError, type Job, UnrecoverableError } from 'bullmq';
import type { JobOf, QueueName } from '../contract/queues.ts';
import { describe } from './errors.ts';
import type { Log } from './log.ts';
import { queuePolicies, queueRows, retryDelayMs } from './queue-policy.ts';
import { ensureSchedule, type Schedule } from './queue-schedule.ts';
import { openQueue, type QueuePlace } from './queues.ts';
import { endConnection, reconnectDelayMs } from './redis.ts';
import { scrub } from './scrub.ts';
import { within } from './within.ts';

/**
 * What became of a job.
 * - `done`: it need not be done again.
 * - `later`: try again in so many milliseconds; costs no attempt.
 * - `giveUp`: it will never succeed; it is kept as failed.
 * A throw means: something unforeseen; the job is tried again as often as its queue allows, after growing pauses.
 */
export type Outcome = { readonly done: true } | { readonly later: number; readonly why: string } | { readonly giveUp: Error };

/** Does one job. `signal` is aborted when the job is no longer ours: on shutdown, or when its lock was lost. */
export type Work<Name extends QueueName> = (job: JobOf<Name>, context: { signal: AbortSignal; id: string }) => Promise<Outcome>;

export interface WorkerOptions extends QueuePlace {
  readonly log: Log;
  /** Jobs that this worker does at the same time; 1 unless given. */
  readonly concurrency?: number;
  /** A job is taken from a dead worker when its lock, this long, has run out … */
  readonly lockMs?: number;
  /** … and two checks at this pause have noticed. */
  readonly stalledMs?: number;
}

/** Takes jobs of one queue until it is closed. */
export interface Worker<Name extends QueueName> extends AsyncDisposable {
  /** Adds this job whenever it is due; safe to repeat, and from any number of processes. `id` holds no colon. */
  schedule(id: string, schedule: Schedule, job: JobOf<Name>): Promise<void>;
  /** Leaves waiting jobs to others, or takes them again; what is active goes on. A job that was on its way may still come. Safe to repeat. */
  take(jobs: boolean): Promise<void>;
  /**
   * Takes no more jobs, waits `graceMs` for the active ones, then aborts them and waits `unwindMs` for them to clean up.
   * What is active even then is left to another worker. Ends also while Redis is away.
   */
  close(graceMs?: number, unwindMs?: number): Promise<void>;
}

const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 5_000;
const GRACE_MS = 5_000;
const UNWIND_MS = 5_000;
/** How long Redis may take to be told that a worker leaves, once no job is active. */
const GOODBYE_MS = 2_000;
/** What is kept of an error with a failed job, for the board. Engines can be wordy. */
const MAX_REASON_CHARACTERS = 2_000;

/** Starts a worker on a queue; ready when it takes jobs. The worker has connections of its own, made like the one given. */
export async function openWorker<Name extends QueueName>(
  name: Name,
  work: Work<Name>,
  { connection, prefix, log: parentLog, concurrency = 1, lockMs = LOCK_MS, stalledMs = STALLED_CHECK_MS }: WorkerOptions,
): Promise<Worker<Name>> {
  const log = parentLog.child({ queue: name });
  const { maxStalledCount, globalConcurrency } = queuePolicies[name];
  const queue = openQueue(name, { connection, prefix });
  if (globalConcurrency !== undefined) await queue.setGlobalConcurrency(globalConcurrency);

  const own = connection.client.duplicate({
    maxRetriesPerRequest: null,
    enableOfflineQueue: true,
    commandTimeout: undefined,
    retryStrategy: reconnectDelayMs,
  });
  own.on('error', () => undefined);
  const active = new Set<Promise<void>>();
  // BullMQ passes the signal only to a function that declares three plain parameters.
  const processor = async (job: Job, token: string | undefined, signal: AbortSignal | undefined): Promise<void> => {
    const doing = settle(name, work, { job, id: job.id ?? '', token, signal: signal ?? new AbortController().signal, log });
    active.add(doing);
    await doing.finally(() => active.delete(doing));
  };
  const worker = new BullWorker(queue.name, processor, {
    connection: own,
    prefix,
    concurrency,
    maxStalledCount,
    lockDuration: lockMs,
    stalledInterval: stalledMs,
    settings: { backoffStrategy: (attemptsMade) => retryDelayMs(attemptsMade, Math.random()) },
  });
  worker.on('error', (err) => {
    // That Redis is away is said by the connection, once.
    const isNetwork = 'syscall' in err || own.status !== 'ready';
    log[isNetwork ? 'debug' : 'error']({ err }, 'The queue reports a problem.');
  });
  worker.on('stalled', (id) => log.warn({ id }, 'A worker died with this job; it is taken over.'));
  worker.on('lockRenewalFailed', (ids) => {
    log.warn({ ids }, 'The locks of these jobs were lost; stopping them, since another worker may have them.');
    for (const id of ids) worker.cancelJob(id, 'the lock of this job was lost');
  });
  await worker.waitUntilReady();

  return {
    schedule: (id, schedule, job) => ensureSchedule(queue, id, schedule, queueRows[name].schema.parse(job)),
    async take(jobs) {
      if (jobs === !worker.isPaused()) return;
      // Pausing would otherwise wait for the active jobs.
      if (jobs) await worker.resume();
      else await worker.pause(true);
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };

  async function close(graceMs = GRACE_MS, unwindMs = UNWIND_MS): Promise<void> {
    const left = worker.close().catch((err: unknown) => log.warn({ err }, 'The worker did not leave in order.'));
    if (!(await within(Promise.allSettled(active), graceMs))) {
      worker.cancelAllJobs('this process is stopping');
      await within(Promise.allSettled(active), unwindMs);
    }
    await within(left, GOODBYE_MS).finally(() => endConnection(own));
  }
}

interface Delivery {
  readonly job: Job;
  readonly id: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Does one job and tells BullMQ what became of it, in the only way it understands: by what is thrown. */
async function settle<Name extends QueueName>(name: Name, work: Work<Name>, delivery: Delivery): Promise<void> {
  const { job, id, token, log } = delivery;
  const outcome = await outcomeOf(name, work, delivery);
  if ('done' in outcome) return;
  if ('giveUp' in outcome) {
    log.error({ id, err: outcome.giveUp }, 'This job is given up.');
    throw new UnrecoverableError(reasonOf(outcome.giveUp));
  }
  log.info({ id, laterMs: outcome.later, why: outcome.why }, 'This job is done later.');
  await job.moveToDelayed(Date.now() + outcome.later, token);
  throw new DelayedError();
}

async function outcomeOf<Name extends QueueName>(
  name: Name,
  work: Work<Name>,
  { job, id, signal, log }: Delivery,
): Promise<Outcome> {
  const parsed = queueRows[name].schema.safeParse(job.data);
  if (!parsed.success) return { giveUp: parsed.error };
  try {
    return await work(parsed.data, { signal, id });
  } catch (error) {
    log.warn({ id, attempt: job.attemptsMade + 1, of: job.opts.attempts, err: error }, 'This job failed.');
    // Not the error itself: BullMQ keeps message and stack with the job, and the board shows them to everybody.
    throw new Error(reasonOf(error));
  }
}

/** What is kept with a failed job. */
function reasonOf(error: unknown): string {
  return scrub(describe(error)).slice(0, MAX_REASON_CHARACTERS);
}
