import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunRequest } from '@cc-ci/shared/contract/run';
import { drained } from '@cc-ci/shared/runs/drained';
import { beat } from '@cc-ci/shared/runs/heartbeats';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { appendLog } from '@cc-ci/shared/runs/log-stream';
import { openRunStore } from '@cc-ci/shared/runs/store';
import { execa } from 'execa';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

const main = fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url));
const instance = `t${randomBytes(3).toString('hex')}`;
let folder: string;
let redis: Redis;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ccci-cli-'));
  redis = new Redis(inject('machine').redisUrl);
  const settings = {
    instance,
    forge: { url: 'http://forge.test' },
    enrol: { owners: ['coop'] },
    deploy: { apps_domain: 'apps.test' },
    dashboard: { public_url: 'http://ci.test' },
  };
  await writeFile(join(folder, 'cc-ci.yml'), JSON.stringify(settings));
});
beforeEach(forget);
afterAll(async () => {
  await forget();
  redis.disconnect();
  await rm(folder, { recursive: true });
});

async function forget(): Promise<void> {
  const mine = await redis.keys(`${keysOf(instance).queuePrefix}*`);
  if (mine.length > 0) await redis.del(mine);
}

/** Runs `ccci` as an operator does. */
function ccci(args: string[], environment: Record<string, string> = {}) {
  const env = { REDIS_URL: inject('machine').redisUrl, CCCI_SETTINGS: join(folder, 'cc-ci.yml'), ...environment };
  return execa(process.execPath, [main, ...args], { env, extendEnv: false, reject: false, stdin: 'ignore' });
}

const runner = (host: string, running: string[] = []) =>
  beat(redis, instance, {
    v: 1,
    service: 'runner',
    id: `${host}-1`,
    host,
    startedAt: 0,
    at: Date.now(),
    settingsHash: '',
    capacity: 2,
    running,
    draining: false,
  });
const request = (recipe: string, commentId: number): RunRequest => ({
  origin: { kind: 'comment', commentId, at: 0 },
  repo: { id: commentId, owner: 'coop', name: recipe },
  cloneUrl: `http://forge.test/coop/${recipe}.git`,
  recipe,
  pull: { number: 7, url: `http://forge.test/coop/${recipe}/pulls/7`, baseRef: 'main' },
  commit: 'a'.repeat(40),
  chosen: 'head-at-comment',
  flags: { quick: false, extraTests: false, stages: null },
  by: 'boris',
});
const store = () => openRunStore(redis, instance, async () => undefined);

/** A run on ci-1 and one that waits. */
async function twoRuns() {
  const { run } = await store().create(request('hedgedoc', 1), Date.now());
  const claim = { kind: 'claimed', attempt: 1, runner: 'ci-1-1', host: 'ci-1', stack: 's', domain: 'd', at: Date.now() } as const;
  await store().claim(run.id, claim, 60_000);
  const { run: waiting } = await store().create(request('ghost', 2), Date.now());
  await runner('ci-1', [run.id]);
  return { run, waiting };
}

describe('ccci doctor', () => {
  const host = () => ({
    DOCKER_HOST: inject('machine').dockerHost,
    PATH: `${dirname(inject('machine').dockerCli)}:/usr/bin:/bin`,
  });

  it('finds a host fit that has all that runs need, and says so by its exit code', async () => {
    const { stdout, exitCode } = await ccci(['doctor', '--json'], host());
    const { fit, driver, checks } = JSON.parse(stdout);
    expect(checks.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(['settings', 'docker-cli', 'engine', 'swarm', 'network']);
    expect({ fit, driver, exitCode }).toEqual({ fit: true, driver: 'swarm', exitCode: 0 });
  });

  it('says what is missing and what to do, and does not stop at the first thing', async () => {
    const nowhere = { DOCKER_HOST: 'unix:///no/docker.sock', PATH: '/no/path', CCCI_SETTINGS: '/no/cc-ci.yml' };
    const { stdout, exitCode } = await ccci(['doctor'], nowhere);
    expect(stdout).toMatch(/^✘ The instance file cannot be used: .*\n {2}CCCI_SETTINGS says where it is/);
    expect(stdout).toMatch(/✘ There is no docker CLI named `docker` on PATH\./);
    expect(stdout).toMatch(/✘ The Docker engine could not .*\n {2}Start Docker, let this user reach it, and check DOCKER_HOST\./);
    expect(stdout).toMatch(/\n\nRuns cannot be carried out here\.$/);
    expect(exitCode).toBe(78);
  });
});

describe('ccci queue', () => {
  it('says in words that there is nothing', async () => {
    const { stdout, exitCode } = await ccci(['queue']);
    expect(stdout).toBe(
      'Hosts\n  No runner is up: what is asked for waits until one comes.\nRunning\n  Nothing runs.\nWaiting\n  Nothing waits.',
    );
    expect(exitCode).toBe(0);
  });

  it('shows hosts, what runs and what waits, and the same as JSON', async () => {
    const { run, waiting } = await twoRuns();
    const { stdout } = await ccci(['queue']);
    expect(stdout).toContain('ci-1: 1 of 2 places in use');
    expect(stdout).toMatch(new RegExp(`hedgedoc #7 at aaaaaaaa, run ${run.id}, on ci-1, running for \\d+ s`));
    expect(stdout).toMatch(new RegExp(`1\\. ghost #7 at aaaaaaaa, run ${waiting.id}, waiting for \\d+ s`));
    expect(JSON.parse((await ccci(['queue', '--json'])).stdout)).toMatchObject({
      hosts: [{ host: 'ci-1', runners: 1, capacity: 2, running: 1, drainedSince: null }],
      running: [{ run: run.id, attempt: 1, host: 'ci-1' }],
      waiting: [{ run: waiting.id, attempt: 1, host: null }],
    });
  });

  it('says where it looked when Redis does not answer, and that by its exit code', async () => {
    const { stderr, exitCode } = await ccci(['queue'], { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(stderr).toMatch(/^Redis at 127\.0\.0\.1:1 does not answer/);
    expect(exitCode).toBe(69);
  });
});

describe('ccci runs', () => {
  it('lists the last runs, newest first, of all recipes or of one', async () => {
    const { run, waiting } = await twoRuns();
    const { stdout } = await ccci(['runs']);
    expect(stdout).toMatch(
      new RegExp(
        `^${waiting.id}  ghost #7 at aaaaaaaa: queued, asked \\d+ s ago\n${run.id}  hedgedoc #7 at aaaaaaaa: running, asked \\d+ s ago$`,
      ),
    );
    const { stdout: json } = await ccci(['runs', '--recipe', 'hedgedoc', '--json']);
    expect(JSON.parse(json)).toMatchObject({ run: run.id, state: 'running', level: null });
    expect((await ccci(['runs', '--recipe', 'nothing'])).stdout).toBe('No run of nothing is known.');
    expect((await ccci(['runs', '--count', '0'])).stderr).toContain('Expected a number from 1');
  });
});

describe('ccci logs', () => {
  const line = (from: string, text: string) => ({ attempt: 1, from, text });

  it('prints what a run has said, all of it or of one step, and steers no terminal', async () => {
    const { run } = await twoRuns();
    await appendLog(redis, instance, run.id, [line('install', 'hel\u001b[31mlo\u0007'), line('upgrade', 'there')]);
    expect((await ccci(['logs', run.id])).stdout).toBe('install: hello \nupgrade: there');
    expect((await ccci(['logs', run.id, '--from', 'upgrade'])).stdout).toBe('upgrade: there');
  });

  it('goes on until the run is over', async () => {
    const { waiting } = await twoRuns();
    await appendLog(redis, instance, waiting.id, [line('cc-ci', 'first')]);
    const following = ccci(['logs', waiting.id, '--follow']);
    await new Promise<void>((resolve) => {
      following.stdout.once('data', () => resolve());
    });
    await appendLog(redis, instance, waiting.id, [line('cc-ci', 'last')]);
    await store().apply(waiting.id, { kind: 'wished', wish: { stop: 'cancelled', why: 'asked', by: 'boris', at: 1 } });
    expect(await following).toMatchObject({ stdout: 'cc-ci: first\ncc-ci: last', exitCode: 0 });
  });

  it('says where the ids of runs are to be had', async () => {
    const { stderr, exitCode } = await ccci(['logs', 'nope']);
    expect(stderr).toMatch(/^No run `nope` is known here\. `ccci runs` lists/);
    expect(exitCode).toBe(1);
  });
});

describe('ccci drain', () => {
  it('drains a host at once where nothing runs, and resumes it', async () => {
    await runner('ci-1');
    const drain = await ccci(['drain', 'ci-1']);
    expect(drain).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Nothing runs on ci-1 any more.') });
    expect(await drained(redis, instance)).toMatchObject([{ host: 'ci-1' }]);
    expect((await ccci(['queue'])).stdout).toContain('ci-1: 0 of 2 places in use, drained: it takes no more runs');
    expect((await ccci(['drain', 'ci-1', '--resume'])).stdout).toBe('ci-1 takes runs again.');
    expect(await drained(redis, instance)).toEqual([]);
  });

  it('waits for what runs there, and leaves the host drained when it is told to stop waiting', async () => {
    const { run } = await twoRuns();
    const waiting = ccci(['drain', 'ci-1']);
    await new Promise<void>((resolve) => {
      waiting.stdout.on('data', (text) => String(text).includes(run.id) && resolve());
    });
    waiting.kill('SIGINT');
    expect((await waiting).exitCode).toBe(130);
    expect(await drained(redis, instance)).toHaveLength(1);
  });

  it('refuses a host that nobody knows, with the names of those that are known', async () => {
    await runner('ci-1');
    const { stderr, exitCode } = await ccci(['drain', 'ci-2']);
    expect(stderr).toContain('No runner is up on a host named ci-2. Runners are up on: ci-1.');
    expect(exitCode).toBe(1);
    expect(await drained(redis, instance)).toEqual([]);
    expect((await ccci(['drain', 'ci-2', '--force'])).exitCode).toBe(0);
    expect(await drained(redis, instance)).toMatchObject([{ host: 'ci-2' }]);
  });
});

describe('ccci health', () => {
  it('says that a service is up, on its host or on any', async () => {
    await runner('ci-1');
    const onAny = await ccci(['health', 'runner']);
    expect(onAny.stdout).toMatch(/^runner is up on ci-1, for /);
    expect(onAny.exitCode).toBe(0);
    expect((await ccci(['health', 'runner', 'ci-1'])).exitCode).toBe(0);
  });

  it('says that it is not, also where another one is, and that by its exit code', async () => {
    await runner('ci-1');
    const elsewhere = await ccci(['health', 'runner', 'ci-2']);
    expect(elsewhere.stdout).toBe('No runner is up on ci-2: none has said so of late. Its own log says why.');
    expect(elsewhere.exitCode).toBe(1);
    expect((await ccci(['health', 'infra'])).exitCode).toBe(1);
  });
});
