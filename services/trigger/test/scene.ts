import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type ForgeDouble, startForgeDouble } from '@cc-ci/forge-double/double';
import { pullSubject } from '@cc-ci/shared/contract/ids';
import type { IntakeOutcome } from '@cc-ci/shared/contract/intake';
import type { IntakeJob } from '@cc-ci/shared/contract/queues';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { Settings } from '@cc-ci/shared/contract/settings';
import { type IntakeStore, openIntakeStore } from '@cc-ci/shared/runs/intake-store';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { openRunStore, type RunStore } from '@cc-ci/shared/runs/store';
import { openLog } from '@cc-ci/shared/service/log';
import { openProducer, type Producer } from '@cc-ci/shared/service/queue-producer';
import { openRedis } from '@cc-ci/shared/service/redis';
import type { Redis } from 'ioredis';
import { inject } from 'vitest';
import { startTrigger, type Trigger, type TriggerOptions } from '../src/service.ts';

/** A forge with one recipe and its open pull request, and a trigger beside it that can be started and stopped. */
export interface Scene extends AsyncDisposable {
  readonly forge: ForgeDouble;
  readonly instance: string;
  readonly redis: Redis;
  readonly runStore: RunStore;
  readonly intakeStore: IntakeStore;
  readonly producer: Producer;
  readonly token: string;
  /** The lines that triggers of this scene have logged. */
  readonly logged: readonly string[];
  /** @param more what differs from a trigger that only polls, each 0.2 s */
  start(more?: Partial<TriggerOptions>): Promise<Trigger>;
  readonly settings: Settings;
  /** Number of the pull request. */
  readonly pull: number;
  readonly repoId: number;
  /** For files of a test. */
  readonly folder: string;
  /** Commits and pushes to the pull request's branch. @returns the commit */
  push(as?: string): Promise<string>;
  head(): Promise<string>;
  /** Writes a comment on the pull request. @returns it, as a poll would see it */
  comment(body: string, as?: string): IntakeJob;
  /** Edits a comment, a second after it was written or later, so that the forge's clock tells the two apart. */
  edit(comment: IntakeJob, body: string): Promise<IntakeJob>;
  runs(): Promise<RunRecord[]>;
  /** Waits until this comment has ended. */
  outcome(comment: IntakeJob): Promise<IntakeOutcome>;
  /** Waits until this many more whole polls have been made. */
  polls(count: number): Promise<void>;
  /** Forgets the jobs of a queue, as if Redis had lost them and kept the records. */
  loseJobs(queue: 'runs'): Promise<void>;
  eventually<T>(what: string, look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T>;
}

export const repository = 'coop/hedgedoc';
export const member = 'ana';
export const outsider = 'otto';
const bot = 'cc-ci';

/** Longer than anything here takes on a busy machine; only a test that fails waits for it. */
const PATIENCE_MS = 30_000;
/** Pause between two looks at what has no event to wait for from outside. */
const LOOK_MS = 20;
/** Pause between two polls of a trigger in a scene. */
const POLL_SECONDS = 0.2;

export async function openScene(): Promise<Scene> {
  const instance = `t${randomBytes(3).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'ccci-trigger-'));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const logged: string[] = [];
  const log = openLog({ service: 'trigger', instance, destination: { write: (line) => void logged.push(line) } });
  const { redisUrl } = inject('machine');
  const connection = opened.use(await openRedis(redisUrl, { log, role: 'queue' }));
  const redis = connection.client;
  opened.defer(async () => {
    const mine = await redis.keys(`${keysOf(instance).queuePrefix}*`);
    if (mine.length > 0) await redis.del(mine);
  });

  const forge = opened.use(await startForgeDouble({ folder }));
  for (const login of [member, outsider, bot]) forge.addUser(login);
  forge.addOrganisation('coop', { owner: member });
  forge.addMember('coop', bot, { role: 'read' });
  const { id: repoId } = await forge.addRepository(repository);
  // May push, and is a member of nothing all the same.
  forge.addCollaborator(repository, outsider);
  const git = await cloneWithBranch(forge, join(folder, 'work'));
  const { number } = await forge.openPullRequest(repository, { as: outsider, title: 'A change', head: 'change' });
  const token = forge.issueToken(bot, ['read:issue', 'read:repository', 'read:organization', 'read:user']);

  const settings = Settings.parse({
    instance,
    forge: { url: forge.url },
    enrol: { owners: ['coop'] },
    trigger: { poll_seconds: POLL_SECONDS },
    deploy: { apps_domain: 'apps.example.org' },
    dashboard: { public_url: 'https://ci.example.org' },
  });
  const runStore = openRunStore(redis, instance, async () => undefined);
  const intakeStore = openIntakeStore(redis, instance, async () => undefined);
  const seen = ({ id, updatedAt }: { id: number; updatedAt: Date }): IntakeJob => ({
    v: 1,
    repo: { id: repoId, owner: 'coop', name: 'hedgedoc' },
    commentId: id,
    updatedAt: updatedAt.getTime(),
  });
  const stack = opened.move();

  return {
    forge,
    instance,
    redis,
    runStore,
    intakeStore,
    producer: openProducer({ connection, prefix: keysOf(instance).queuePrefix }),
    token,
    logged,
    settings,
    pull: number,
    repoId,
    folder,
    start: (more) => startTrigger({ settings, redisUrl, log, host: 'local', forgeToken: async () => token, ...more }),
    async push(as = outsider) {
      await git('remote', 'set-url', 'origin', forge.cloneUrl(repository, { as }));
      await git('commit', '--quiet', '--allow-empty', '--message', `a push by ${as}`);
      await git('push', '--quiet', 'origin', 'change');
      return await git('rev-parse', 'HEAD');
    },
    head: () => forge.head(repository, number),
    comment: (body, as = member) => seen(forge.comment(repository, number, { as, body })),
    async edit({ commentId, updatedAt }, body) {
      await eventually('the clock of the forge moves on', () => Date.now() >= updatedAt + 1_000);
      forge.editComment(repository, commentId, body);
      const edited = forge.comments(repository, number).find(({ id }) => id === commentId);
      return seen(edited ?? { id: commentId, updatedAt: new Date(updatedAt) });
    },
    runs: () => runStore.ofSubject(pullSubject(repoId, number)),
    outcome: (comment) => eventually(`comment ${comment.commentId} ends`, async () => (await intakeStore.read(comment))?.outcome),
    async polls(count) {
      const asked = (): number => forge.requests.all().filter(({ path }) => path.includes('/issues/search')).length;
      // One more: the search that was counted last says only that the poll before it is over.
      const wanted = asked() + count + 1;
      await eventually(`${count} more polls`, () => asked() >= wanted);
    },
    async loseJobs(queue) {
      const keys = await redis.keys(`${keysOf(instance).queuePrefix}:${queue}:*`);
      if (keys.length > 0) await redis.del(keys);
    },
    eventually,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };

  async function eventually<T>(what: string, look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
    for (const giveUpAt = Date.now() + PATIENCE_MS; Date.now() < giveUpAt; await pause(LOOK_MS)) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    }
    const records = await intakeStore.ofSubject(pullSubject(repoId, number));
    throw new Error(`Waited in vain: ${what}.\n${JSON.stringify(records)}\n${logged.slice(-20).join('')}`);
  }
}

async function cloneWithBranch(forge: ForgeDouble, folder: string): Promise<(...args: string[]) => Promise<string>> {
  const env = {
    PATH: '/usr/bin:/bin',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: outsider,
    GIT_AUTHOR_EMAIL: 'otto@example.org',
    GIT_COMMITTER_NAME: outsider,
    GIT_COMMITTER_EMAIL: 'otto@example.org',
  };
  const run = promisify(execFile);
  const git = async (...args: string[]): Promise<string> => (await run('git', ['-C', folder, ...args], { env })).stdout.trim();
  await run('git', ['init', '--quiet', '--initial-branch=main', folder], { env });
  await git('remote', 'add', 'origin', forge.cloneUrl(repository, { as: member }));
  await git('commit', '--quiet', '--allow-empty', '--message', 'the first commit');
  await git('push', '--quiet', 'origin', 'main');
  await git('checkout', '--quiet', '-b', 'change');
  await git('commit', '--quiet', '--allow-empty', '--message', 'a change');
  await git('push', '--quiet', 'origin', 'change');
  return git;
}
