import { setTimeout as pause } from 'node:timers/promises';
import { startRunner } from '@cc-ci/runner/service';
import type { RunRecord, RunRequest } from '@cc-ci/shared/contract/run';
import type { Settings } from '@cc-ci/shared/contract/settings';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { type LogLine, readLog } from '@cc-ci/shared/runs/log-stream';
import { isSettled } from '@cc-ci/shared/runs/next';
import { openRunStore } from '@cc-ci/shared/runs/store';
import { openLog } from '@cc-ci/shared/service/log';
import { openProducer } from '@cc-ci/shared/service/queue-producer';
import { openRedis } from '@cc-ci/shared/service/redis';

/** Pause between two looks at the records, for eyes. Milliseconds. */
const LOOK_MS = 200;

export interface LocalRun {
  readonly settings: Settings;
  readonly request: RunRequest;
  readonly redisUrl: string;
  readonly host: string;
  readonly dockerHost: string;
  readonly proxyAddress: string | undefined;
  /** Of this run alone. */
  readonly folder: string;
  /** Told of each change of the record, and of what was said since the last. */
  see(run: RunRecord, said: readonly LogLine[]): void;
}

/**
 * Carries out one run by a runner in this process, and forgets its records. What is opened is closed by `opened`: a run that is stopped
 * is cleaned up after then.
 * @returns the record once the clean-up is proven, or has found something that stays
 */
export async function runLocally(local: LocalRun, opened: AsyncDisposableStack, stop: AbortSignal): Promise<RunRecord> {
  const { settings, redisUrl, request, see } = local;
  const { instance } = settings;
  const log = openLog({ service: 'ccci', instance, level: 'error' });
  const redis = opened.use(await openRedis(redisUrl, { log, role: 'queue', signal: stop }));
  const { queuePrefix } = keysOf(instance);
  const forget = async (): Promise<void> => {
    for await (const keys of redis.client.scanStream({ match: `${queuePrefix}*`, count: 1000 }))
      if (keys.length > 0) await redis.client.unlink(keys);
  };
  // Of a run whose process was killed: nobody goes on with it.
  await forget();
  opened.defer(forget);
  opened.use(
    await startRunner({ ...local, log, capacity: 1, fetchesFromDisk: true, forgeToken: async () => undefined, signal: stop }),
  );
  const store = openRunStore(redis.client, instance, async () => undefined);
  const { run } = await store.create(request, Date.now());
  await openProducer({ connection: redis, prefix: queuePrefix }).add('runs', { v: 1, run: run.id, attempt: 1 });
  let [rev, read] = [-1, '0'];
  for (;;) {
    const now = await store.read(run.id);
    const said = await readLog(redis.client, instance, run.id, read);
    read = said.at(-1)?.id ?? read;
    if (now && (now.rev !== rev || said.length > 0)) see(now, said);
    rev = now?.rev ?? rev;
    if (now && (isSettled(now) || isLeftOver(now))) return now;
    await pause(LOOK_MS, undefined, { signal: stop });
  }
}

/** Something could not be removed: nobody waits for that at a terminal. */
function isLeftOver({ state, attempts }: RunRecord): boolean {
  return state === 'ended' && attempts.at(-1)?.cleanup.state === 'remaining';
}
