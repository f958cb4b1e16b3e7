import { openGiteaReader } from '@cc-ci/forge/gitea';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { openRunStore } from '@cc-ci/shared/runs/store';
import { openSweepStore } from '@cc-ci/shared/runs/sweeps';
import { openAnnouncer } from '@cc-ci/shared/service/announce';
import { keepBeating } from '@cc-ci/shared/service/heartbeat';
import { openProducer } from '@cc-ci/shared/service/queue-producer';
import { openWorker } from '@cc-ci/shared/service/queue-worker';
import { openRedis } from '@cc-ci/shared/service/redis';
import { repeat } from '@cc-ci/shared/service/repeat';
import type { ServiceOptions } from '@cc-ci/shared/service/service-options';
import { duties } from './duties.ts';
import { schedulesOf } from './schedules.ts';

/** Pause between two looks at the schedules. */
const CHECK_MS = 60_000;

/** Starts infra: its schedules, and the worker that does what is due. */
export async function startInfra({
  settings,
  redisUrl,
  log,
  host,
  forgeToken,
  signal,
}: ServiceOptions): Promise<AsyncDisposable> {
  const { instance } = settings;
  const prefix = keysOf(instance).queuePrefix;
  await using opened = new AsyncDisposableStack();

  const connection = opened.use(await openRedis(redisUrl, { log, role: 'queue', signal }));
  const redis = connection.client;
  const producer = openProducer({ connection, prefix });
  const forge = openGiteaReader({ url: settings.forge.url, token: forgeToken });
  const work = duties({
    instance,
    redis,
    forge,
    log,
    sweeps: openSweepStore(redis, instance),
    runs: openRunStore(redis, instance, openAnnouncer(producer, log), log),
    enqueue: (job) => producer.add('runs', job),
    retention: settings.retention,
    now: Date.now,
  });

  // The worker comes before its schedules: what came due while everything was down is lost otherwise.
  const worker = opened.use(
    await openWorker('infra', (job) => work(job.duty).then(() => ({ done: true })), { connection, prefix, log }),
  );
  const keepSchedules = async (): Promise<void> => {
    for (const { id, schedule, duty } of schedulesOf(settings.schedules)) await worker.schedule(id, schedule, { v: 1, duty });
  };
  await keepSchedules();
  // A Redis that was emptied has forgotten them.
  opened.use(repeat('Keeping the schedules', CHECK_MS, keepSchedules, log));

  opened.use(keepBeating(redis, { service: 'infra', host, settings }, log));
  log.info('Infra is up.');
  return opened.move();
}
