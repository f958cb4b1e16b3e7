import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseDriver } from '@cc-ci/deploy/choose-driver';
import { isDrained } from '@cc-ci/shared/runs/drained';
import { nameHost, openTurn } from '@cc-ci/shared/runs/hosts';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { openLedger } from '@cc-ci/shared/runs/ledger';
import { appendLog } from '@cc-ci/shared/runs/log-stream';
import { openRunStore } from '@cc-ci/shared/runs/store';
import { openAnnouncer } from '@cc-ci/shared/service/announce';
import { keepBeating } from '@cc-ci/shared/service/heartbeat';
import { openProducer } from '@cc-ci/shared/service/queue-producer';
import { openWorker } from '@cc-ci/shared/service/queue-worker';
import { openRedis } from '@cc-ci/shared/service/redis';
import { repeat } from '@cc-ci/shared/service/repeat';
import type { ServiceOptions } from '@cc-ci/shared/service/service-options';
import { within } from '@cc-ci/shared/service/within';
import type { Broom } from './clean-up.ts';
import { openDisk } from './disk.ts';
import { heal } from './heal.ts';
import { HostNameTaken } from './host-name-taken.ts';
import { openRunLog } from './logs.ts';
import { reap } from './reap.ts';
import { doRunJob } from './run-job.ts';
import { RunnerStopped } from './stop.ts';
import type { Workshop } from './workshop.ts';

const MINUTE_MS = 60_000;
/** Runs that go on are cleaned up within this when this runner is told to stop; what is left is the next one's to reap. Milliseconds. */
const STOP_MS = MINUTE_MS;
/** The same while Redis is away: what was removed cannot be written down then. Milliseconds. */
const STOP_WITHOUT_REDIS_MS = 15_000;
/** How long a look at the host or the records may go on after this runner was told to stop. Milliseconds. */
const LAST_LOOK_MS = 2_000;
/** Whose turn it is to reap keeps it from one look to the next, also when one is late; after a death the next runner waits for as long. Looks. */
const TURN_LOOKS = 3;
/** A drained host takes no run in any case; within this its runner leaves them to others without touching them. Milliseconds. */
const DRAIN_LOOK_MS = 1_000;
/** All of a runner's disposing ends within this; a service manager has to wait longer. Milliseconds. */
export const RUNNER_GRACE_MS = STOP_MS + 15_000;

export { readReferences } from './checkout.ts';
export { examineRunnerHost } from './doctor.ts';

export interface RunnerOptions extends ServiceOptions {
  /** Unique for a process; made up unless given. */
  readonly id?: string;
  readonly dockerHost: string;
  /** For checkouts, of this runner alone: what is in it is deleted. */
  readonly folder: string;
  /** Runs at the same time. */
  readonly capacity: number;
  /** Of this host's proxy, where it is not the one of the settings. */
  readonly proxyAddress?: string | undefined;
  /** Recipes may also lie on this host: for runs that somebody starts there. */
  readonly fetchesFromDisk?: boolean;
}

/**
 * Starts a runner: it takes runs, carries them out on this host, and reaps what dead attempts left here. Disposing it stops the
 * runs that go on, cleans up after them and queues them again.
 */
export async function startRunner(options: RunnerOptions): Promise<AsyncDisposable> {
  const { settings, host, log, forgeToken } = options;
  const { instance } = settings;
  const id = options.id ?? `${host}-${randomBytes(3).toString('hex')}`;
  const now = Date.now;
  const checkouts = join(options.folder, 'checkouts');
  await mkdir(checkouts, { recursive: true });
  // What a runner was deploying when it was killed. No other process writes here.
  const documents = join(options.folder, 'documents');
  await rm(documents, { recursive: true, force: true });
  const ca = settings.deploy.ca_file === undefined ? undefined : await readFile(settings.deploy.ca_file, 'utf8');

  await using opened = new AsyncDisposableStack();
  const redis = opened.use(await openRedis(options.redisUrl, { log, role: 'queue', signal: options.signal }));
  const place = { connection: redis, prefix: keysOf(instance).queuePrefix };
  const producer = openProducer(place);
  const store = openRunStore(redis.client, instance, openAnnouncer(producer, log), log);
  const ledger = openLedger(redis.client, instance, host);
  const { deployer, why } = await chooseDriver(settings.deploy.driver, settings.deploy.abra, {
    dockerCli: settings.deploy.docker_cli,
    dockerHost: options.dockerHost,
    network: settings.deploy.network,
    policyExceptions: Object.fromEntries(Object.entries(settings.policy).map(([recipe, { allow }]) => [recipe, allow])),
    scratch: documents,
  });
  log.info({ driver: deployer.driver }, why);
  const limitMs = settings.timeouts.cleanup_minutes * MINUTE_MS;
  const broom: Broom = { deployer, store, ledger, checkouts, limitMs, log, now };
  const stopping = new AbortController();
  const workshop: Workshop = {
    settings,
    deployer,
    store,
    ledger,
    disk: openDisk(deployer, options.dockerHost, options.folder),
    proxy: { address: options.proxyAddress ?? settings.deploy.proxy_address, port: settings.deploy.proxy_port, ca },
    access: { forgeUrl: settings.forge.url, token: forgeToken, fromDisk: options.fetchesFromDisk ?? false },
    broom,
    stopping: stopping.signal,
    log,
    now,
    openRunLog: ({ run, attempt }) =>
      openRunLog(
        attempt,
        (lines) => appendLog(redis.client, instance, run.id, lines),
        (err) => log.warn({ err, run: run.id }, 'Lines of a run’s log were lost.'),
      ),
  };

  /** What this process is working on: stacks by run. */
  const active = new Map<string, string>();
  const leaseMs = settings.runner.lease_seconds * 1000;
  const claimant = { store, instance, host, runner: id, appsDomain: settings.deploy.apps_domain, deployer, leaseMs, log, now };
  const epoch = await store.epoch();
  const isOurHost = async (): Promise<boolean> =>
    nameHost(redis.client, { instance, host, runner: id, engine: (await deployer.host()).engine }, now());
  // An engine that does not answer yet is asked again before anything is removed.
  if (!(await isOurHost().catch(() => true))) throw new HostNameTaken(host);
  const reapMs = settings.runner.reap_seconds * 1000;
  const turn = openTurn(redis.client, { instance, host, runner: id }, TURN_LOOKS * reapMs);
  opened.defer(async () => {
    await within(turn.release(), LAST_LOOK_MS);
  });
  const going = new Set<string>();

  let draining = false;
  const load = () => ({ capacity: options.capacity, running: [...active.keys()], draining });
  const beating = opened.use(keepBeating(redis.client, { service: 'runner', id, host, settings, load }, log));
  const reaping = repeat(
    'The look for what dead runs left on this host',
    reapMs,
    () =>
      reap({
        instance,
        host,
        deployer,
        store,
        ledger,
        turn,
        isOurHost,
        epoch,
        busy: new Set(active.values()),
        going,
        broom,
        log,
      }),
    log,
  );
  const healing = repeat(
    'The look for runs that lost their runner',
    // A runner that dies is missed when its lease has run out: looking as often finds its run within two leases.
    Math.min(leaseMs, MINUTE_MS),
    () => heal({ store, producer, attemptsAllowed: settings.runner.attempts, log, now }),
    log,
  );
  opened.defer(async () => {
    await within(Promise.all([reaping[Symbol.asyncDispose](), healing[Symbol.asyncDispose]()]), LAST_LOOK_MS);
  });

  const crew = { claimant, workshop, producer, active, isDrained: () => isDrained(redis.client, instance, host) };
  const worker = await openWorker('runs', (job) => doRunJob(job, crew), { ...place, log, concurrency: options.capacity });
  opened.defer(async () => {
    stopping.abort(new RunnerStopped(host));
    await worker.close(redis.answers() ? STOP_MS : STOP_WITHOUT_REDIS_MS);
  });
  opened.use(
    repeat(
      'The look whether this host takes runs',
      DRAIN_LOOK_MS,
      async () => {
        const found = await crew.isDrained();
        const changed = found !== draining;
        draining = found;
        await worker.take(!draining);
        if (!changed) return;
        log.info(draining ? 'This host takes no more runs: an operator drains it.' : 'This host takes runs again.');
        beating.wake();
      },
      log,
    ),
  );
  log.info('The runner is up.');
  return opened.move();
}
