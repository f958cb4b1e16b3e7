import { openGiteaHooks, openGiteaReader } from '@cc-ci/forge/gitea';
import { readEnrolled } from '@cc-ci/shared/runs/enrolled';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { openRunStore } from '@cc-ci/shared/runs/store';
import { openSweepStore } from '@cc-ci/shared/runs/sweeps';
import { openAnnouncer } from '@cc-ci/shared/service/announce';
import { keepBeating } from '@cc-ci/shared/service/heartbeat';
import type { infraVariables } from '@cc-ci/shared/service/process-settings';
import { openProducer } from '@cc-ci/shared/service/queue-producer';
import { openWorker } from '@cc-ci/shared/service/queue-worker';
import { openRedis } from '@cc-ci/shared/service/redis';
import { repeat } from '@cc-ci/shared/service/repeat';
import { rotatingSecretFile, secretFile } from '@cc-ci/shared/service/secret-file';
import type { ServiceOptions } from '@cc-ci/shared/service/service-options';
import { SettingsRefused } from '@cc-ci/shared/service/settings-refused';
import type { z } from 'zod';
import { duties } from './duties.ts';
import { openHooks } from './hooks.ts';
import { schedulesOf } from './schedules.ts';

/** Pause between two looks at the schedules. */
const CHECK_MS = 60_000;

export interface InfraOptions extends ServiceOptions {
  /** Undefined: webhooks are made by hand, and not one request needs an administrator. */
  readonly hooks?: HookOptions | undefined;
}

export interface HookOptions {
  readonly url: string;
  readonly adminToken: () => Promise<string>;
  readonly secrets: () => Promise<readonly string[]>;
}

/** Whether webhooks are to be kept in order, and how, as a process was told. Throws SettingsRefused when a part of it is missing. */
export function hooksOf(config: z.infer<z.ZodObject<typeof infraVariables>>): HookOptions | undefined {
  if (config.WEBHOOK_AUTOREGISTER === '0') return undefined;
  const { WEBHOOK_URL: url, FORGE_ADMIN_TOKEN_FILE: token, WEBHOOK_SECRET_FILE: secret } = config;
  if (url !== undefined && token !== undefined && secret !== undefined)
    return { url, adminToken: secretFile(token), secrets: rotatingSecretFile(secret) };
  const missing = Object.entries({ WEBHOOK_URL: url, FORGE_ADMIN_TOKEN_FILE: token, WEBHOOK_SECRET_FILE: secret });
  throw new SettingsRefused(
    'the environment',
    missing.flatMap(([where, value]) =>
      value === undefined ? [{ where, expected: 'a value, since WEBHOOK_AUTOREGISTER is 1' }] : [],
    ),
  );
}

/** Starts infra: its schedules, and the worker that does what is due. */
export async function startInfra(options: InfraOptions): Promise<AsyncDisposable> {
  const { settings, redisUrl, log, host, forgeToken, hooks, signal } = options;
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
    keepHooks:
      hooks &&
      openHooks({
        ...hooks,
        forge: openGiteaHooks({ url: settings.forge.url, token: hooks.adminToken }),
        enrolled: () => readEnrolled(redis, instance),
        log,
      }),
    now: Date.now,
  });

  // The worker comes before its schedules: what came due while everything was down is lost otherwise.
  const worker = opened.use(
    await openWorker('infra', (job) => work(job.duty).then(() => ({ done: true })), { connection, prefix, log }),
  );
  const keepSchedules = async (): Promise<void> => {
    for (const { id, schedule, duty } of schedulesOf(settings.schedules, hooks !== undefined))
      await worker.schedule(id, schedule, { v: 1, duty });
  };
  await keepSchedules();
  if (hooks) await producer.add('infra', { v: 1, duty: 'hooks' });
  // A Redis that was emptied has forgotten them.
  opened.use(repeat('Keeping the schedules', CHECK_MS, keepSchedules, log));

  opened.use(keepBeating(redis, { service: 'infra', host, settings }, log));
  log.info('Infra is up.');
  return opened.move();
}
