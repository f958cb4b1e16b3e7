import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { OwnedStack } from '@cc-ci/deploy/deployer';
import { openSwarmDeployer } from '@cc-ci/deploy/swarm';
import type { Tier } from '@cc-ci/shared/contract/glossary';
import type { RunRecord, RunRequest, Step } from '@cc-ci/shared/contract/run';
import { Settings } from '@cc-ci/shared/contract/settings';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { readLog } from '@cc-ci/shared/runs/log-stream';
import { openRunStore, type RunStore } from '@cc-ci/shared/runs/store';
import { openLog } from '@cc-ci/shared/service/log';
import { openProducer } from '@cc-ci/shared/service/queue-producer';
import { openRedis, type RedisConnection } from '@cc-ci/shared/service/redis';
import { execa } from 'execa';
import { inject } from 'vitest';
import { type RunnerOptions, startRunner } from '../src/service.ts';
import type { GitServer } from './git-server.ts';

/** Longer than any run of these tests takes on a busy machine. Milliseconds. */
const PATIENCE_MS = 120_000;

/** An instance of its own on the machine of the tests: records, queues, and as many runners as wanted. */
export interface Bench extends AsyncDisposable {
  readonly store: RunStore;
  readonly options: RunnerOptions;
  readonly redis: RedisConnection['client'];
  /** Asks for a run of this commit, as the trigger does for a pull request to main. */
  ask(server: GitServer, commit: string, changes?: Partial<RunRequest>): Promise<RunRecord>;
  startRunner(changes?: Partial<RunnerOptions>): Promise<AsyncDisposable>;
  /** A runner in a process of its own; `kill` ends it as a crash would, and waits until it is gone. */
  startRunnerProcess(): { kill(): Promise<void> };
  /** The run once it is as wanted; prints all that is known when it gives up. */
  until(id: string, what: string, wanted: (run: RunRecord) => boolean): Promise<RunRecord>;
  story(id: string): Promise<string>;
  /** What runs of this instance have on the host: stacks on the engine, and folders of checkouts. */
  onHost(): Promise<{ stacks: OwnedStack[]; checkouts: string[] }>;
}

/** @param tests settings of cc-ci's own tests of recipes; by default there are none of them */
export async function openBench(tests: Partial<Settings['tests']> = {}): Promise<Bench> {
  const machine = inject('machine');
  const instance = `t${randomBytes(4).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'ccci-runner-'));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const lines: string[] = [];
  const log = openLog({ service: 'runner', instance, destination: { write: (line) => void lines.push(line) } });
  const redis = opened.use(await openRedis(machine.redisUrl, { log, role: 'queue' }));
  opened.defer(async () => {
    const mine = await redis.client.keys(`${keysOf(instance).queuePrefix}*`);
    if (mine.length > 0) await redis.client.del(mine);
  });
  const store = openRunStore(redis.client, instance, async () => undefined);
  const producer = openProducer({ connection: redis, prefix: keysOf(instance).queuePrefix });
  const settings = Settings.parse({
    instance,
    forge: { url: 'http://forge.test' },
    enrol: { owners: ['coop'] },
    dashboard: { public_url: 'http://127.0.0.1' },
    timeouts: { hold_seconds: 3, converge_minutes: 1, http_seconds: 15, cleanup_minutes: 1 },
    runner: { lease_seconds: 3, reap_seconds: 1 },
    tests: { source: '/nowhere', ...tests },
    deploy: {
      driver: 'swarm',
      apps_domain: 'apps.test',
      proxy_address: machine.proxy.address,
      proxy_port: machine.proxy.port,
      ca_file: machine.proxy.caFile,
      network: machine.proxy.network,
      docker_cli: machine.dockerCli,
      minimum_free_disk_gb: 0.5,
    },
  });
  const host = 'here';
  const options: RunnerOptions = {
    settings,
    redisUrl: machine.redisUrl,
    log,
    host,
    dockerHost: machine.dockerHost,
    folder,
    capacity: 1,
    forgeToken: async () => undefined,
  };
  const deployer = openSwarmDeployer({
    dockerCli: machine.dockerCli,
    dockerHost: machine.dockerHost,
    network: machine.proxy.network,
    scratch: join(folder, 'bench'),
  });
  const story = async (id: string): Promise<string> =>
    (await readLog(redis.client, instance, id)).map(({ attempt, from, text }) => `${attempt} ${from}: ${text}`).join('\n');
  let asked = 0;

  const held = opened.move();
  return {
    store,
    options,
    redis: redis.client,
    story,
    async ask(server, commit, changes) {
      asked += 1;
      const request: RunRequest = {
        origin: { kind: 'comment', commentId: asked, at: 0 },
        repo: { id: asked, owner: 'coop', name: 'probe' },
        cloneUrl: server.url,
        recipe: 'probe',
        pull: { number: 7, url: `${server.forgeUrl}/coop/probe/pulls/7`, baseRef: 'main' },
        commit,
        chosen: 'head-at-comment',
        flags: { quick: false, extraTests: false, stages: null },
        by: 'boris',
        ...changes,
      };
      const { run } = await store.create(request, Date.now());
      await producer.add('runs', { v: 1, run: run.id, attempt: 1 });
      return run;
    },
    startRunner: (changes) => startRunner({ ...options, ...changes }),
    startRunnerProcess() {
      const { dockerHost, redisUrl } = options;
      const script = fileURLToPath(new URL('runner-process.ts', import.meta.url));
      const told = JSON.stringify({ folder, host, dockerHost, redisUrl, settings });
      const child = execa(process.execPath, [script, told], { reject: false });
      return {
        async kill() {
          child.kill('SIGKILL');
          await child;
        },
      };
    },
    async until(id, what, wanted) {
      const giveUpAt = Date.now() + PATIENCE_MS;
      for (;;) {
        const run = await store.read(id);
        if (run && wanted(run)) return run;
        if (Date.now() > giveUpAt) {
          throw new Error(
            `Waited in vain: ${what}.\n${JSON.stringify(run, undefined, 1)}\n${await story(id)}\n${lines.slice(-20).join('')}`,
          );
        }
        await pause(50);
      }
    },
    onHost: async () => ({
      stacks: await deployer.owned(instance, host),
      checkouts: await readdir(join(folder, 'checkouts')),
    }),
    async [Symbol.asyncDispose]() {
      for (const { stack, owner } of await deployer.owned(instance, host))
        await deployer.remove({ stack, owner }, AbortSignal.timeout(60_000));
      await held.disposeAsync();
    },
  };
}

/** A step of a run, if it has it. */
export function stepOf({ steps }: RunRecord, tier: Tier): Step | undefined {
  return steps.find((step) => step.tier === tier);
}

/** The files of a recipe with one web server; each argument is what a test wants to be different. */
export function recipe({ version = '1.0.0+1.25.3', image = 'nginx:1.25.3', app = '', more = '' } = {}): Record<string, string> {
  return {
    '.env.sample': 'TYPE=probe\nDOMAIN=probe.example.com\nLETS_ENCRYPT_ENV=production\n',
    'compose.yml': `version: "3.8"
services:
  app:
    image: ${image}
    networks: [proxy]
    stop_grace_period: 1s
${app}    deploy:
      update_config: { failure_action: rollback, order: start-first }
      labels:
        - "traefik.enable=true"
        - "traefik.http.services.\${STACK_NAME}.loadbalancer.server.port=80"
        - "traefik.http.routers.\${STACK_NAME}.rule=Host(\`\${DOMAIN}\`)"
        - "coop-cloud.\${STACK_NAME}.version=${version}"
${more}networks:
  proxy:
    external: true
`,
  };
}

/** The files of a recipe that is installed for as long as anybody waits. */
export const slow = recipe({ app: '    healthcheck: { test: ["CMD", "false"], interval: 1s, start_period: 60s }\n' });

/** Whether a run waits for such a recipe. */
export function isInstalling({ doing }: RunRecord): boolean {
  return doing?.what.includes('health check') ?? false;
}
