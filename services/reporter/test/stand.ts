import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type ForgeDouble, startForgeDouble } from '@cc-ci/forge-double/double';
import type { CleanUp, RunRecord } from '@cc-ci/shared/contract/run';
import { Settings } from '@cc-ci/shared/contract/settings';
import { type IntakeStore, openIntakeStore } from '@cc-ci/shared/runs/intake-store';
import { keysOf } from '@cc-ci/shared/runs/keys';
import type { RunEvent } from '@cc-ci/shared/runs/next';
import { openRunStore, type RunStore } from '@cc-ci/shared/runs/store';
import { openLog } from '@cc-ci/shared/service/log';
import { openProducer, type Producer } from '@cc-ci/shared/service/queue-producer';
import { openRedis } from '@cc-ci/shared/service/redis';
import { inject } from 'vitest';
import { type Reporter, startReporter } from '../src/service.ts';
import { proven, request } from './samples.ts';

export const ADMIN_TOKEN = 'the-token-of-the-operators';
const REPOSITORY = 'coop/hedgedoc';
const PATIENCE_MS = 30_000;
const LOOK_MS = 25;

/** A forge with one pull request, a Redis of our own names, and the stores that other services would write to. */
export interface Stand extends AsyncDisposable {
  readonly forge: ForgeDouble;
  readonly redis: Redis;
  readonly instance: string;
  readonly runs: RunStore;
  readonly intakes: IntakeStore;
  readonly producer: Producer;
  readonly commit: string;
  /** Starts a reporter that is stopped with the stand, if not before. `statuses`: its account may write code. */
  reporter(options?: { token?: string; settings?: Partial<Settings> }): Promise<Reporter>;
  /** A member asks for a run. */
  ask(): Promise<RunRecord>;
  /** Writes down what became of a run. */
  tell(run: RunRecord, ...events: Untold[]): Promise<RunRecord>;
  comment(as: string, body: string): number;
  /** What our account says on the pull request, oldest first. */
  said(): { id: number; body: string }[];
  reactionsTo(commentId: number): string[];
  /** Waits until there is nothing left to report. */
  atRest(): Promise<void>;
  says(text: string | RegExp): Promise<{ id: number; body: string }>;
}
type Redis = Awaited<ReturnType<typeof openRedis>>['client'];

/** An event of attempt 1. */
type Untold = RunEvent extends infer Event ? (Event extends { attempt: number } ? Omit<Event, 'attempt'> : Event) : never;

export const claimed = (at: number): Untold => ({
  kind: 'claimed',
  runner: 'r1',
  host: 'ci-1',
  stack: 'hedg-1',
  domain: 'hedg-1.test',
  at,
});
export const planned: Untold = {
  kind: 'planned',
  version: null,
  base: null,
  steps: [
    { tier: 'install', state: 'pending' },
    { tier: 'upgrade', state: 'pending' },
  ],
};
/** Everything from the claim to the verdict. */
export const passing = (at: number): Untold[] => [
  claimed(at),
  planned,
  { kind: 'step-started', tier: 'install', at },
  { kind: 'step-ended', tier: 'install', at: at + 48_000, state: 'pass', reason: null, note: null },
  { kind: 'step-started', tier: 'upgrade', at: at + 48_000 },
  { kind: 'step-ended', tier: 'upgrade', at: at + 100_000, state: 'pass', reason: null, note: 'from `1.0.0+1`' },
  { kind: 'ended', verdict: 'passed', cause: null, at: at + 100_000 },
];
export const cleaned = (cleanup: CleanUp = proven): Untold => ({ kind: 'cleaned', cleanup });

export async function openStand(): Promise<Stand> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'ccci-reporter-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const instance = `t${randomBytes(4).toString('hex')}`;
  const redisUrl = inject('machine').redisUrl;
  const log = openLog({ service: 'reporter', instance, level: 'debug', destination: { write: () => undefined } });

  const forge = opened.use(await startForgeDouble({ folder }));
  for (const login of ['boris', 'ana', 'cc-ci']) forge.addUser(login);
  forge.addOrganisation('coop', { owner: 'boris' });
  forge.addMember('coop', 'cc-ci');
  const { id: repoId } = await forge.addRepository(REPOSITORY);
  const commit = await pushTwoBranches(forge, join(folder, 'work'));
  const { number } = await forge.openPullRequest(REPOSITORY, { as: 'boris', title: 'Change', head: 'next' });
  const everything = forge.issueToken('cc-ci', ['write:issue', 'read:user', 'write:repository']);

  const connection = opened.use(await openRedis(redisUrl, { log, role: 'queue' }));
  const producer = openProducer({ connection, prefix: keysOf(instance).queuePrefix });
  const announce = (subject: string): Promise<void> => producer.add('reports', { v: 1, subject });
  const runs = openRunStore(connection.client, instance, announce);
  const intakes = openIntakeStore(connection.client, instance, announce);
  const reporters = opened.use(new AsyncDisposableStack());
  const stack = opened.move();

  const stand: Stand = {
    forge,
    redis: connection.client,
    instance,
    runs,
    intakes,
    producer,
    commit,
    async reporter({ token = everything, settings = {} } = {}) {
      return reporters.use(
        await startReporter({
          settings: { ...settingsOf(instance, forge.url), ...settings },
          redisUrl,
          log,
          host: 'test',
          forgeToken: async () => token,
          adminToken: async () => ADMIN_TOKEN,
          listen: { address: '127.0.0.1', port: 0 },
          adminListen: { address: '127.0.0.1', port: 0 },
        }),
      );
    },
    async ask() {
      const commentId = stand.comment('boris', '!testme');
      const at = Date.now();
      const pull = { number, url: `${forge.url}/${REPOSITORY}/pulls/${number}`, baseRef: 'main' };
      const asked = request({
        origin: { kind: 'comment', commentId, at },
        repo: { id: repoId, owner: 'coop', name: 'hedgedoc' },
        pull,
        commit,
      });
      return (await runs.create(asked, at)).run;
    },
    async tell(run, ...events) {
      let last = run;
      for (const event of events) {
        const told = { attempt: 1, ...event };
        const after = told.kind === 'claimed' ? await runs.claim(run.id, told, 60_000) : await runs.apply(run.id, told);
        if ('refused' in after) throw new Error(after.refused);
        last = after;
      }
      return last;
    },
    comment: (as, body) => forge.comment(REPOSITORY, number, { as, body }).id,
    said: () =>
      forge
        .comments(REPOSITORY, number)
        .filter((comment) => comment.author.login === 'cc-ci')
        .map(({ id, body }) => ({ id, body })),
    reactionsTo: (commentId) =>
      (forge.comments(REPOSITORY, number).find(({ id }) => id === commentId)?.reactions ?? []).map(({ content }) => content),
    atRest: () =>
      until('everything is reported', async () => {
        const { waiting, active, delayed } = (await producer.counts()).reports;
        return (await runs.changed()).length === 0 && waiting + active + delayed === 0;
      }),
    says: (text) =>
      forge.waitFor(
        `a comment that says ${text}`,
        () => stand.said().find(({ body }) => (typeof text === 'string' ? body.includes(text) : text.test(body))),
        PATIENCE_MS,
      ),
    async [Symbol.asyncDispose]() {
      await stack.disposeAsync();
    },
  };
  return stand;
}

export const repository = REPOSITORY;

/** Looks until it is so. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Not within ${PATIENCE_MS} ms: ${what}.`);
    await pause(LOOK_MS);
  }
}

function settingsOf(instance: string, forgeUrl: string): Settings {
  return Settings.parse({
    instance,
    forge: { url: forgeUrl },
    enrol: { owners: ['coop'] },
    deploy: { apps_domain: 'apps.example.org' },
    dashboard: { public_url: 'https://ci.example.org' },
  });
}

/** @returns the head of branch `next` */
async function pushTwoBranches(forge: ForgeDouble, work: string): Promise<string> {
  const env = { PATH: '/usr/bin:/bin', HOME: work, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
  const person = ['-c', 'user.name=boris', '-c', 'user.email=boris@example.org'];
  const git = (...args: string[]) => promisify(execFile)('git', ['-C', work, ...person, ...args], { env });
  await promisify(execFile)('git', ['init', '--quiet', '--initial-branch=main', work], { env });
  await git('commit', '--quiet', '--allow-empty', '--message', 'one');
  await git('checkout', '--quiet', '-b', 'next');
  await git('commit', '--quiet', '--allow-empty', '--message', 'two');
  await git('push', '--quiet', forge.cloneUrl(REPOSITORY, { as: 'boris' }), 'main', 'next');
  return (await git('rev-parse', 'HEAD')).stdout.trim();
}
