import type { RunJob } from '@cc-ci/shared/contract/queues';
import type { Producer } from '@cc-ci/shared/service/queue-producer';
import type { Outcome } from '@cc-ci/shared/service/queue-worker';
import { reached } from '@cc-ci/shared/service/reached';
import { type Claimant, claim, type HeldRun } from './claim.ts';
import { carryOut } from './run.ts';
import type { Workshop } from './workshop.ts';

export interface Crew {
  readonly claimant: Claimant;
  readonly workshop: Workshop;
  readonly producer: Pick<Producer, 'add'>;
  /** What this process is working on: stacks by run. */
  readonly active: Map<string, string>;
  /** Whether this host takes no more runs. */
  isDrained(): Promise<boolean>;
}

/** A job that comes while its host is drained was on its way: it is soon another runner's. Milliseconds. */
const PASS_ON_MS = 1_000;

/** Does what a job of the queue `runs` asks for: one attempt, if it is still due, and the job of the next one, if that has to be. */
export async function doRunJob(job: RunJob, { claimant, workshop, producer, active, isDrained }: Crew): Promise<Outcome> {
  if (await isDrained()) return { later: PASS_ON_MS, why: 'this host takes no more runs' };
  const held = await claim(job, claimant);
  if (!('run' in held)) return held;
  reached('runner.claimed');
  active.set(job.run, held.app.stack);
  workshop.log.info({ run: job.run, attempt: job.attempt, stack: held.app.stack }, 'An attempt at a run begins.');
  const retryAfterMs = await whileHeld(held, workshop).finally(() => active.delete(job.run));
  reached('runner.released');
  // Only now, when the lease is given back, can another runner claim the next attempt.
  if (retryAfterMs !== undefined) {
    await producer.add('runs', { v: 1, run: job.run, attempt: job.attempt + 1 }, { delayMs: retryAfterMs });
  }
  return { done: true };
}

async function whileHeld(held: HeldRun, workshop: Workshop): Promise<number | undefined> {
  await using released = held;
  return await carryOut(released, workshop);
}
