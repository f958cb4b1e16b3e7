import { openGiteaReader } from '@cc-ci/forge/gitea';
import type { ForgeUser, IssueSeen } from '@cc-ci/forge/schema';
import type { IntakeJob, RunJob } from '@cc-ci/shared/contract/queues';
import { putEnrolled } from '@cc-ci/shared/runs/enrolled';
import { living } from '@cc-ci/shared/runs/heartbeats';
import { openIntakeStore } from '@cc-ci/shared/runs/intake-store';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { openRunStore } from '@cc-ci/shared/runs/store';
import { openAnnouncer } from '@cc-ci/shared/service/announce';
import { keepBeating } from '@cc-ci/shared/service/heartbeat';
import { openProducer } from '@cc-ci/shared/service/queue-producer';
import { openWorker } from '@cc-ci/shared/service/queue-worker';
import { openRedis } from '@cc-ci/shared/service/redis';
import { repeat } from '@cc-ci/shared/service/repeat';
import type { ServiceOptions } from '@cc-ci/shared/service/service-options';
import { within } from '@cc-ci/shared/service/within';
import { stopRunsOf } from './closed.ts';
import { openCursorStore } from './cursor-store.ts';
import { listEnrolled } from './enrolled.ts';
import { heal } from './heal.ts';
import { openIntake } from './intake.ts';
import { openPoller } from './poller.ts';
import { openWays, type Ways } from './ways.ts';

/** Pause between two looks for what a crash or a lost job left undone. */
const HEAL_MS = 60_000;
/** The schedule of polls is looked at once for each of them, and not more often than this. */
const LEAST_CHECK_MS = 1_000;
/** Lists of recipes follow what is renamed, archived or deleted within this; a repository that is new is listed once something moves in it. */
const ENROLMENT_MS = 10 * 60_000;
/** Comments made after the start count as new. Where the forge does not answer within this, those made after it does. */
const FIRST_POLL_MS = 10_000;

export { type Ways, waysIn } from './ways.ts';

export interface TriggerOptions extends ServiceOptions {
  readonly ways?: Ways | undefined;
}

export interface Trigger extends AsyncDisposable {
  /** Where it listens; undefined where it does not. */
  readonly url: string | undefined;
}

/**
 * Starts the trigger: it reads the forge, and never writes to it. When this resolves, a comment made from now on is acted on,
 * if the forge answered in time.
 */
export async function startTrigger(options: TriggerOptions): Promise<Trigger> {
  const { settings, redisUrl, log, host, forgeToken, ways, signal = new AbortController().signal } = options;
  const { instance } = settings;
  const prefix = keysOf(instance).queuePrefix;
  await using opened = new AsyncDisposableStack();

  const connection = opened.use(await openRedis(redisUrl, { log, role: 'queue', signal }));
  const redis = connection.client;
  const producer = openProducer({ connection, prefix });
  const forge = openGiteaReader({ url: settings.forge.url, token: forgeToken });
  let account: ForgeUser | undefined;
  const me = async () => (account ??= await forge.me());
  const enqueueIntake = (job: IntakeJob) => producer.add('intake', job);
  const enqueueRun = (job: RunJob) => producer.add('runs', job);
  const announce = openAnnouncer(producer, log);
  const intake = openIntakeStore(redis, instance, announce);
  const runs = openRunStore(redis, instance, announce, log);
  const cursors = openCursorStore(redis, instance);
  const now = Date.now;

  const runnersUp = async (): Promise<number> =>
    (await living(redis, instance, now())).filter(({ service }) => service === 'runner').length;

  const read = openIntake({ settings, forge, me, intake, runs, enqueueIntake, enqueueRun, runnersUp, log, now });
  opened.use(await openWorker('intake', read, { connection, prefix, log }));

  const enrol = async () => putEnrolled(redis, instance, await listEnrolled(forge, settings.enrol, now()));
  const listing = opened.use(repeat('Listing the enrolled recipes', ENROLMENT_MS, enrol, log));
  const known = new Set<number>();
  const moved = (repositoryId: number): void => {
    if (!known.has(repositoryId)) listing.wake();
    known.add(repositoryId);
  };
  const closed = (pull: IssueSeen): Promise<void> => stopRunsOf(pull, { runs, log, now });
  const poll = openPoller({ settings, forge, me, cursors, intake, enqueue: enqueueIntake, moved, closed, log, now });
  await within(poll(signal), FIRST_POLL_MS);
  const poller = opened.use(
    await openWorker('poll', (_, { signal: stopped }) => poll(stopped).then(() => ({ done: true })), { connection, prefix, log }),
  );
  const everyMs = Math.round(settings.trigger.poll_seconds * 1_000);
  const keepPolling = () => poller.schedule('poll', { everyMs }, { v: 1, duty: 'poll' });
  await keepPolling();
  // A Redis that was emptied has forgotten the schedule too, and nothing else would ever poll again.
  opened.use(repeat('Keeping the polls on their schedule', Math.max(everyMs, LEAST_CHECK_MS), keepPolling, log));

  const work = { intake, runs, enqueueIntake, enqueueRun };
  opened.use(repeat('Looking for what was left undone', HEAL_MS, () => heal(work), log));
  opened.use(keepBeating(redis, { service: 'trigger', host, settings }, log));
  const server = ways && opened.use(await openWays(ways, { settings, redisUrl, forge, log, signal }));
  log.info('The trigger is up.');
  const running = opened.move();
  return { url: server?.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
