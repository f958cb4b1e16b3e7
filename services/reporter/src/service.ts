import { openGiteaWriter } from '@cc-ci/forge/gitea';
import type { RepoRef } from '@cc-ci/shared/contract/ids';
import { readEnrolled } from '@cc-ci/shared/runs/enrolled';
import { openIntakeStore } from '@cc-ci/shared/runs/intake-store';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { openRunStore, type RunStore } from '@cc-ci/shared/runs/store';
import { openAnnouncer } from '@cc-ci/shared/service/announce';
import { keepBeating } from '@cc-ci/shared/service/heartbeat';
import { openProducer, type Producer } from '@cc-ci/shared/service/queue-producer';
import { openWorker } from '@cc-ci/shared/service/queue-worker';
import { openRedis, type RedisConnection } from '@cc-ci/shared/service/redis';
import { repeat } from '@cc-ci/shared/service/repeat';
import type { ServiceOptions } from '@cc-ci/shared/service/service-options';
import { desired } from './desired.ts';
import { openForgeSide } from './forge-side.ts';
import { type Records, report } from './report.ts';
import { openMemory } from './said.ts';
import { withSurroundings } from './surroundings.ts';
import { openAdmin } from './web/admin.ts';
import { openDashboard } from './web/dashboard.ts';

export interface ReporterOptions extends ServiceOptions {
  /** What operators sign in with. */
  readonly adminToken: () => Promise<string>;
  readonly listen: { readonly address: string; readonly port: number };
  readonly adminListen: { readonly address: string; readonly port: number };
}

export interface Reporter extends AsyncDisposable {
  /** Where the dashboard listens. */
  readonly url: string;
  /** Where the pages for operators listen. */
  readonly adminUrl: string;
}

/** Pages that are reported on at the same time: the forge is small, and serves other people too. */
const PAGES_AT_ONCE = 3;
/** What a lost job left unreported is found after this. */
const HEAL_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** Starts the reporter: the only service that speaks on the forge, and the dashboard. */
export async function startReporter(options: ReporterOptions): Promise<Reporter> {
  const { settings, redisUrl, log, signal } = options;
  const { instance } = settings;
  const prefix = keysOf(instance).queuePrefix;
  await using opened = new AsyncDisposableStack();

  const connection = opened.use(await openRedis(redisUrl, { log, role: 'queue', signal }));
  const producer = openProducer({ connection, prefix });
  const announce = openAnnouncer(producer, log);
  const runs = openRunStore(connection.client, instance, announce, log);
  const memory = openMemory(connection, instance, settings.retention.runs_days * DAY_MS);
  const forge = openGiteaWriter({ url: settings.forge.url, token: options.forgeToken });
  const parts = {
    runs,
    intakes: openIntakeStore(connection.client, instance, announce),
    memory,
    ...openForgeSide(forge, memory, log),
    desire: async (records: Records) =>
      desired(await withSurroundings(records, { settings, redis: connection.client, runs }, Date.now())),
    addressOf: (repo: RepoRef) => addressOf(repo, connection, instance),
    log,
  };

  opened.use(
    await openWorker('reports', (job, { signal: stop }) => report(job.subject, parts, stop).then(() => ({ done: true })), {
      connection,
      prefix,
      log,
      concurrency: PAGES_AT_ONCE,
    }),
  );
  opened.use(repeat('Looking for what is unreported', HEAL_MS, () => wakeChanged(runs, producer), log));
  opened.use(repeat('Moving the clocks', settings.say.progress_seconds * 1000, () => wakeLive(runs, producer), log));
  opened.use(keepBeating(connection.client, { service: 'reporter', host: options.host, settings }, log));

  const web = {
    settings,
    redis: opened.use(await openRedis(redisUrl, { log, role: 'command', signal })),
    log,
  };
  const dashboard = opened.use(await openDashboard({ ...web, listen: options.listen, adminToken: options.adminToken }));
  const admin = opened.use(await openAdmin({ ...web, listen: options.adminListen, adminToken: options.adminToken }));
  log.info('The reporter is up.');
  const running = opened.move();
  return { url: dashboard.url, adminUrl: admin.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function addressOf(repo: RepoRef, { client }: RedisConnection, instance: string): Promise<RepoRef> {
  const enrolled = await readEnrolled(client, instance);
  return enrolled.find((each) => each.repo.id === repo.id)?.repo ?? repo;
}

async function wakeChanged(runs: RunStore, producer: Producer): Promise<void> {
  for (const { subject } of await runs.changed()) await producer.add('reports', { v: 1, subject });
}

async function wakeLive(runs: RunStore, producer: Producer): Promise<void> {
  const live = (await runs.open()).filter((run) => run.state !== 'ended' && run.request.pull !== null);
  for (const subject of new Set(live.map((run) => run.subject))) await producer.add('reports', { v: 1, subject });
}
