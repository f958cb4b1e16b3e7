import { randomBytes } from 'node:crypto';
import type { RunRecord, RunRequest } from '@cc-ci/shared/contract/run';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { type Ledger, openLedger } from '@cc-ci/shared/runs/ledger';
import { nameOf } from '@cc-ci/shared/runs/new-run';
import { openRunStore, type RunStore } from '@cc-ci/shared/runs/store';
import { type Log, openLog } from '@cc-ci/shared/service/log';
import { openRedis, type RedisConnection } from '@cc-ci/shared/service/redis';
import { inject } from 'vitest';
import type { Claimant } from '../src/claim.ts';

/** Records of an instance of its own in the Redis of the tests, without an engine. */
export interface Records extends AsyncDisposable {
  readonly instance: string;
  readonly redis: RedisConnection;
  readonly store: RunStore;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly claimant: Claimant;
  queued(): Promise<RunRecord>;
  /** A run in its first attempt on a host; the lease is not renewed. */
  running(options?: { host?: string; leaseMs?: number }): Promise<RunRecord>;
}

export async function openRecords(): Promise<Records> {
  const instance = `t${randomBytes(4).toString('hex')}`;
  const log = openLog({ service: 'runner', instance, destination: { write: () => undefined } });
  const redis = await openRedis(inject('machine').redisUrl, { log, role: 'queue' });
  const store = openRunStore(redis.client, instance, async () => undefined);
  const claimant: Claimant = {
    store,
    instance,
    host: 'here',
    runner: 'runner-1',
    appsDomain: 'apps.test',
    deployer: { stackOf: (domain) => domain.split('.')[0] ?? '' },
    leaseMs: 600,
    log,
    now: Date.now,
  };
  let asked = 0;
  const queued = async (): Promise<RunRecord> => {
    asked += 1;
    const request: RunRequest = {
      origin: { kind: 'comment', commentId: asked, at: 0 },
      repo: { id: 1, owner: 'coop', name: 'probe' },
      cloneUrl: 'http://forge.test/coop/probe.git',
      recipe: 'probe',
      pull: null,
      commit: 'a'.repeat(40),
      chosen: 'head-at-comment',
      flags: { quick: false, extraTests: false, stages: null },
      by: 'boris',
    };
    return (await store.create(request, Date.now())).run;
  };
  return {
    instance,
    redis,
    store,
    ledger: openLedger(redis.client, instance, 'here'),
    log,
    claimant,
    queued,
    async running({ host = 'here', leaseMs = 60_000 } = {}) {
      const { id } = await queued();
      const stack = nameOf(instance, id, 1, 'probe');
      const event = {
        kind: 'claimed',
        attempt: 1,
        runner: 'runner-1',
        host,
        stack,
        domain: `${stack}.apps.test`,
        at: Date.now(),
      } as const;
      const claimed = await store.claim(id, event, leaseMs);
      if ('refused' in claimed) throw new Error(claimed.refused);
      return claimed;
    },
    async [Symbol.asyncDispose]() {
      const mine = await redis.client.keys(`${keysOf(instance).queuePrefix}*`);
      if (mine.length > 0) await redis.client.del(mine);
      await redis[Symbol.asyncDispose]();
    },
  };
}

/** Many times the longest lease of these tests. Milliseconds. */
const ABORT_PATIENCE_MS = 15_000;

/** Resolves with the reason when the signal is aborted; rejects when that does not happen. */
export function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('The attempt was not stopped.')), ABORT_PATIENCE_MS);
    const stop = (): void => {
      clearTimeout(limit);
      resolve(signal.reason);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
