import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { organisation, people } from '@cc-ci/cli/demo/people';
import { gitIn } from '@cc-ci/cli/demo/seed';
import { openStage, type Stage, type StageOptions } from '@cc-ci/cli/demo/stage';
import type { Services, ServicesOptions } from '@cc-ci/cli/services';
import { pullSubject } from '@cc-ci/shared/contract/ids';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { openIntakeStore } from '@cc-ci/shared/runs/intake-store';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { readLog } from '@cc-ci/shared/runs/log-stream';
import { openRunStore, type RunStore } from '@cc-ci/shared/runs/store';
import { openLog } from '@cc-ci/shared/service/log';
import Docker from 'dockerode';
import { Redis } from 'ioredis';
import { type Differences, type Processes, startProcesses } from './processes.ts';

/** A pull request of the world, as a maintainer points at it. */
export interface Pull {
  readonly repository: string;
  readonly repoId: number;
  readonly number: number;
}

/** Files by path; their absence changes nothing. */
export type Files = Readonly<Record<string, string>>;
/** Files, or a folder that holds them. */
export type Tree = Files | string;

/** A whole cc-ci on the machine of the tests, with a forge of its own, in which a test speaks like a maintainer. */
export interface World extends AsyncDisposable {
  readonly stage: Stage;
  readonly forge: Stage['forge'];
  readonly services: Stage['services'];
  readonly runs: RunStore;
  readonly redis: Redis;
  readonly instance: string;
  readonly docker: Docker;
  /** For files of a test. */
  readonly folder: string;
  /** Makes a recipe's repository with these files released on main, and a pull request with these changes. */
  pull(recipe: string, released: { files: Tree; release?: string }, changed: Tree, title?: string): Promise<Pull>;
  /** Pushes a commit with these changes to the pull request's branch. @returns its id */
  push(pull: Pull, files: Files, options?: { as?: string; force?: boolean }): Promise<string>;
  /** @returns the comment's id */
  comment(pull: Pull, body: string, as?: string): number;
  /** What cc-ci says on the pull request at this moment, oldest first. */
  said(pull: Pull): string[];
  /** The newest run of the pull request once it is as wanted; when it gives up it prints record, queues and log. */
  run(pull: Pull, what: string, wanted: (run: RunRecord) => boolean): Promise<RunRecord>;
  /** A comment of cc-ci that says this, once there is one. */
  says(pull: Pull, text: string | RegExp): Promise<string>;
  /** Waits until some service has logged a line with this text since the world was opened. */
  logs(text: string): Promise<void>;
  /** Waits until every comment has its outcome and nothing remains to be reported. */
  quiet(): Promise<void>;
  /** Folders of checkouts that runners of this world still have. */
  checkouts(): Promise<string[]>;
  /** Names of everything on the engine that bears this instance's label, or is named after one of its stacks. */
  onEngine(): Promise<string[]>;
}

/** Longer than a run of the tests' recipes takes on a machine that is busy with something else as well. */
const PATIENCE_MS = 120_000;
/** Pause between two looks at a record, which has no event to wait for from outside. */
const LOOK_MS = 50;

type WorldOptions = Partial<Pick<StageOptions, 'settings' | 'capacity'>>;

/** Opens a world whose services are processes of their own, as in production. */
export async function openWorldOfProcesses(
  ground: StageOptions['ground'],
  { differences, ...options }: WorldOptions & { readonly differences?: Differences } = {},
): Promise<World & { readonly processes: Processes }> {
  const { promise, resolve } = Promise.withResolvers<Processes>();
  const world = await openWorld(ground, options, async (services, say) => {
    const folder = `${services.folder}-processes`;
    const processes = await startProcesses(services, { folder, say, ...(differences && { differences }) });
    resolve(processes);
    return processes;
  });
  return Object.assign(world, { processes: await promise });
}

/** Opens a world on a machine; everything of it is gone when it is disposed of. @param start starts the services; in this process unless given */
export async function openWorld(
  ground: StageOptions['ground'],
  options: WorldOptions = {},
  start?: (services: ServicesOptions, say: (line: string) => void) => Promise<Services>,
): Promise<World> {
  const instance = `w${randomBytes(3).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'ccci-world-'));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const redis = opened.adopt(new Redis(ground.redisUrl), (client) => client.disconnect());
  const lines: string[] = [];
  const log = openLog({ service: 'world', instance, level: 'info', destination: { write: (line) => void lines.push(line) } });
  const stage = opened.use(
    await openStage({
      ground,
      folder,
      instance,
      log: () => log,
      capacity: 2,
      ...(start && { start: (services) => start(services, (line) => void lines.push(line)) }),
      ...options,
    }),
  );
  const runs = openRunStore(redis, instance, async () => undefined);
  const docker = new Docker({ socketPath: ground.dockerHost.replace('unix://', '') });
  const stack = opened.move();
  const { forge } = stage;
  const workOf = (repository: string): string => join(folder, 'work', repository);

  const world: World = {
    stage,
    forge,
    services: stage.services,
    runs,
    redis,
    instance,
    docker,
    folder,
    async pull(recipe, { files, release }, changed, title = `Change ${recipe}`) {
      const repository = `${organisation}/${recipe}`;
      const { id: repoId } = await forge.addRepository(repository);
      const git = await clone(repository);
      await commit(git, repository, files, release ? `chore: publish ${release} release` : 'first files');
      if (release) await git('tag', '--annotate', '--message', release, release);
      await git('push', '--quiet', '--tags', 'origin', 'main');
      await git('checkout', '--quiet', '-b', 'next');
      await commit(git, repository, changed, title);
      await git('push', '--quiet', 'origin', 'next');
      const { number } = await forge.openPullRequest(repository, { as: people.author, title, head: 'next' });
      return { repository, repoId, number };
    },
    async push({ repository }, files, { as = people.author, force = false } = {}) {
      const git = gitIn(workOf(repository));
      await git('remote', 'set-url', 'origin', forge.cloneUrl(repository, { as }));
      if (force) await git('reset', '--quiet', '--hard', 'HEAD~1');
      await commit(git, repository, files, 'another change');
      await git('push', '--quiet', ...(force ? ['--force'] : []), 'origin', 'next');
      return (await git('rev-parse', 'HEAD')).trim();
    },
    comment: ({ repository, number }, body, as = people.author) => forge.comment(repository, number, { as, body }).id,
    said: ({ repository, number }) =>
      forge
        .comments(repository, number)
        .filter(({ author }) => author.login === people.bot)
        .map(({ body }) => body),
    async run(pull, what, wanted) {
      const newest = async (): Promise<RunRecord | undefined> =>
        (await runs.ofSubject(pullSubject(pull.repoId, pull.number))).at(-1);
      return await until(
        async () => {
          const run = await newest();
          return run && wanted(run) ? run : undefined;
        },
        async () => `${what}.\n${await everything(await newest())}`,
      );
    },
    says: (pull, text) =>
      forge.waitFor(
        `cc-ci says ${text}`,
        () => world.said(pull).find((body) => (typeof text === 'string' ? body.includes(text) : text.test(body))),
        PATIENCE_MS,
      ),
    async logs(text) {
      await until(
        async () => lines.some((line) => line.includes(text)),
        async () => `a log line with "${text}".`,
      );
    },
    async quiet() {
      const intake = openIntakeStore(redis, instance, async () => undefined);
      const done = async (): Promise<boolean> => (await intake.pending()).length + (await runs.changed()).length === 0;
      await until(done, () => everything(undefined));
    },
    checkouts: () => readdir(join(folder, 'runner', 'checkouts')),
    async onEngine() {
      const stacks = (await runs.recent(1_000)).flatMap((run) => run.attempts.map((attempt) => attempt.stack));
      return await everythingOf(docker, instance, stacks);
    },
    async [Symbol.asyncDispose]() {
      await stack.disposeAsync();
      const keys = new Redis(ground.redisUrl);
      const mine = await keys.keys(`${keysOf(instance).queuePrefix}*`);
      if (mine.length > 0) await keys.del(mine);
      keys.disconnect();
    },
  };
  return world;

  async function until<T>(look: () => Promise<T | undefined | false>, what: () => Promise<string>): Promise<T> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      if (found) return found;
      if (Date.now() > giveUpAt) throw new Error(`Waited in vain: ${await what()}`);
      await pause(LOOK_MS);
    }
  }

  async function clone(repository: string): Promise<ReturnType<typeof gitIn>> {
    await mkdir(workOf(repository), { recursive: true });
    const git = gitIn(workOf(repository));
    await git('init', '--quiet', '--initial-branch=main');
    await git('remote', 'add', 'origin', forge.cloneUrl(repository, { as: people.author }));
    return git;
  }

  async function commit(git: ReturnType<typeof gitIn>, repository: string, files: Tree, message: string): Promise<void> {
    if (typeof files === 'string') await cp(files, workOf(repository), { recursive: true, verbatimSymlinks: true });
    else await writeAll(workOf(repository), files);
    await git('add', '--all');
    await git('commit', '--quiet', '--message', message);
  }

  async function writeAll(folder: string, files: Files): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    }
  }

  async function everything(run: RunRecord | undefined): Promise<string> {
    const queues = await Promise.all(
      ['intake', 'runs', 'reports'].map(
        async (name) => `${name}: ${await redis.llen(`${keysOf(instance).queuePrefix}:${name}:wait`)} waiting`,
      ),
    );
    const story = run ? (await readLog(redis, instance, run.id)).slice(-40).map(({ from, text }) => `${from}: ${text}`) : [];
    return [JSON.stringify(run, undefined, 1), ...queues, ...story, ...lines.slice(-20)].join('\n');
  }
}

/** Names of everything on an engine that bears this instance's label, or is named after one of the stacks. */
export async function everythingOf(docker: Docker, instance: string, stacks: readonly string[]): Promise<string[]> {
  const [services, containers, networks, volumes, secrets, configs] = await Promise.all([
    docker.listServices(),
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes().then(({ Volumes }) => Volumes),
    docker.listSecrets(),
    docker.listConfigs(),
  ]);
  const named = (name: string): boolean => stacks.some((each) => name.replace(/^\//, '').startsWith(each));
  const labelled = (labels: Record<string, string> | null | undefined): boolean => labels?.['cc-ci.instance'] === instance;
  return [
    ...services.map(({ Spec }) => ({ name: Spec?.Name ?? '', labels: Spec?.Labels })),
    ...containers.map(({ Names, Labels }) => ({ name: Names[0] ?? '', labels: Labels })),
    ...networks.map(({ Name, Labels }) => ({ name: Name, labels: Labels })),
    ...volumes.map(({ Name, Labels }) => ({ name: Name, labels: Labels })),
    ...secrets.map(({ Spec }) => ({ name: Spec?.Name ?? '', labels: Spec?.Labels })),
    ...configs.map(({ Spec }) => ({ name: Spec?.Name ?? '', labels: Spec?.Labels })),
  ]
    .filter(({ name, labels }) => labelled(labels) || named(name))
    .map(({ name }) => name);
}
