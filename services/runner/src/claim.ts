import type { App, Deployer } from '@cc-ci/deploy/deployer';
import type { RunJob } from '@cc-ci/shared/contract/queues';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { nameOf } from '@cc-ci/shared/runs/new-run';
import type { Lease, RunStore } from '@cc-ci/shared/runs/store';
import type { Log } from '@cc-ci/shared/service/log';
import type { Outcome } from '@cc-ci/shared/service/queue-worker';
import { repeat } from '@cc-ci/shared/service/repeat';
import { LeaseLost, StopWished } from './stop.ts';

/** Somebody's wish that a run should stop is seen within this, in milliseconds: soon for a person, cheap for Redis. */
const WISH_PAUSE_MS = 1_000;

/** Who claims, and where. */
export interface Claimant {
  readonly store: Pick<RunStore, 'read' | 'claim' | 'renew' | 'release'>;
  readonly instance: string;
  readonly host: string;
  /** Unique for a process. */
  readonly runner: string;
  /** Apps are deployed under names of this domain. */
  readonly appsDomain: string;
  readonly deployer: Pick<Deployer, 'stackOf'>;
  readonly leaseMs: number;
  readonly log: Log;
  /** Unix milliseconds. */
  now(): number;
}

/** A run that this runner holds in one attempt: nobody else deploys for it or writes about it. Disposing it gives it back. */
export interface HeldRun extends AsyncDisposable {
  /** As it was claimed. */
  readonly run: RunRecord;
  readonly attempt: number;
  readonly app: App;
  /** Aborted with LeaseLost or StopWished. */
  readonly signal: AbortSignal;
}

/**
 * Takes the attempt that a job is about, if it is still due.
 * @returns the held run, or what becomes of the job when there is nothing to hold
 */
export async function claim(job: RunJob, by: Claimant): Promise<HeldRun | Outcome> {
  const found = await by.store.read(job.run);
  if (!isDue(found, job)) return { done: true };
  const domain = `${nameOf(by.instance, job.run, job.attempt, found.request.recipe)}.${by.appsDomain}`;
  const stack = by.deployer.stackOf(domain);
  const { attempt } = job;
  const { runner, host } = by;
  const event = { kind: 'claimed', attempt, runner, host, stack, domain, at: by.now() } as const;
  const claimed = await by.store.claim(job.run, event, by.leaseMs);
  if ('refused' in claimed) {
    // The attempt before may still be cleaning up: its lease ends with that, or runs out.
    return isDue(await by.store.read(job.run), job) ? { later: Math.ceil(by.leaseMs / 3), why: claimed.refused } : { done: true };
  }
  const watched = watch({ run: job.run, attempt, runner }, by);
  return {
    run: claimed,
    attempt,
    app: { stack, domain, owner: { instance: by.instance, host, run: job.run, attempt } },
    ...watched,
  };
}

function isDue(run: RunRecord | undefined, job: RunJob): run is RunRecord {
  return run?.state === 'queued' && run.attempts.length + 1 === job.attempt;
}

/** Renews the lease and looks for a wish, until it is disposed. */
function watch(lease: Lease, { store, leaseMs, log }: Claimant): Pick<HeldRun, 'signal'> & AsyncDisposable {
  const stop = new AbortController();
  const giveUp = (why: string): void => stop.abort(new LeaseLost(why));
  // A clock that nobody sets: the lease runs out by itself, whatever day it is.
  let renewedAt = performance.now();
  const renew = async (): Promise<void> => {
    const askedAt = performance.now();
    if (await store.renew(lease, leaseMs)) renewedAt = askedAt;
    else giveUp('its lease has run out, and another attempt may have begun');
  };
  const lookForWish = async (): Promise<void> => {
    const run = await store.read(lease.run);
    if (run?.wish) stop.abort(new StopWished(run.wish));
  };
  // Asking Redis waits while Redis is away, so its silence is noticed by a timer that asks nobody. It looks each third of a lease,
  // so after two of them: what is noticed only when the lease has run out is noticed while somebody else may already hold the run.
  const listening = setInterval(() => {
    if (performance.now() - renewedAt >= (2 * leaseMs) / 3) giveUp('Redis did not answer in time for its lease to be renewed');
  }, leaseMs / 3);
  const renewing = repeat('Renewing the lease of a run', leaseMs / 3, renew, log);
  const looking = repeat('Looking for a wish to stop', Math.min(WISH_PAUSE_MS, leaseMs / 3), lookForWish, log);
  return {
    signal: stop.signal,
    async [Symbol.asyncDispose]() {
      clearInterval(listening);
      await Promise.all([renewing[Symbol.asyncDispose](), looking[Symbol.asyncDispose]()]);
      await store.release(lease);
    },
  };
}
