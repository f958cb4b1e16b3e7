import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bringDebian } from '../src/debian.ts';
import { nginxImage } from '../src/image-bases.ts';
import { startMachine } from '../src/machine.ts';
import { readRecords } from '../src/machine-record.ts';
import { cleanStale } from '../src/remove-machine.ts';
import { runProgram } from '../src/run-program.ts';
import { until } from '../src/until.ts';
import { httpsGet } from './https-get.ts';
import { deployStack, docker, SETTLED_WITHIN_MS } from './stack.ts';
import { keeperOf, traces } from './traces.ts';

const images = [{ references: ['library/nginx:1.25.3'], from: nginxImage }];
const web = {
  services: {
    app: {
      image: 'nginx:1.25.3',
      networks: ['proxy'],
      deploy: {
        labels: [
          'traefik.enable=true',
          'traefik.http.routers.w.rule=Host(`w.test`)',
          'traefik.http.services.w.loadbalancer.server.port=80',
        ],
      },
    },
  },
  networks: { proxy: { external: true } },
};

describe('a machine of its own', () => {
  it('outlives the death of its engine and of its Redis, and leaves nothing on the host when it is disposed of', async () => {
    const rulesBefore = await hostRules();
    const machine = await startMachine({ images });
    const { description, engine, redis } = machine;
    expect(traces(description.folder).length).toBeGreaterThan(5);

    await deployStack(description, 'web', web);
    const served = async (): Promise<boolean> =>
      (await httpsGet(description.proxy, 'w.test').catch(() => undefined))?.status === 200;
    await until('The page', served, { withinMs: SETTLED_WITHIN_MS });

    await engine.kill();
    await expect(docker(description, ['version'])).rejects.toThrow('Cannot connect');
    // As if a process of the new engine had the number that the old one left behind; the first one always has.
    await writeFile(join(description.folder, 'exec/containerd/containerd.pid'), '1');
    await engine.start();
    await until('The page after the restart of the engine', served, { withinMs: SETTLED_WITHIN_MS });

    await using client = openRedis(redis.url);
    await client.redis.set('kept', 'yes');
    await redis.stop();
    await redis.start();
    expect(await client.redis.get('kept')).toBe('yes');

    await machine[Symbol.asyncDispose]();
    expect(traces(description.folder)).toEqual([]);
    expect(await hostRules()).toBe(rulesBefore);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('leaves nothing when its owner gets %s', async (signal) => {
    const { folder, owner } = await startOwner();
    owner.kill(signal);
    await until('The removal of the machine', () => traces(folder).length === 0, { withinMs: SETTLED_WITHIN_MS });
  });

  it('is removed by the next start, and no other machine with it, when its keeper was killed too', async () => {
    const { folder, owner } = await startOwner();
    const neighbour = await startOwner();
    const keeper = keeperOf(folder);
    if (keeper === undefined) throw new Error(`No keeper watches over ${folder}.`);
    process.kill(keeper, 'SIGKILL');
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(traces(folder)).toContain(folder);
    expect(await cleanStale()).toContain(basename(folder));
    expect(traces(folder)).toEqual([]);
    expect(traces(neighbour.folder).length).toBeGreaterThan(5);
    neighbour.owner.kill('SIGKILL');
    await until('The removal of the neighbour', () => traces(neighbour.folder).length === 0, { withinMs: SETTLED_WITHIN_MS });
  });

  it('leaves nothing when its start is given up', async () => {
    const stop = new AbortController();
    let halfway: Promise<string[]> = Promise.resolve([]);
    const report = (step: string): void => {
      if (step !== 'starting the proxy') return;
      halfway = ownFolders();
      stop.abort(new Error('changed our mind'));
    };
    await expect(startMachine({ images, signal: stop.signal, report })).rejects.toThrow('changed our mind');
    const [folder = 'none'] = await halfway;
    expect(folder).toContain('ccci-');
    expect(traces(folder)).toEqual([]);
  });
});

/** Folders of the machines that this process owns. */
async function ownFolders(): Promise<string[]> {
  return (await readRecords()).filter(({ owner }) => owner.pid === process.pid).map(({ folder }) => folder);
}

/** A process that owns a machine, as `main.ts up` does. */
async function startOwner(): Promise<{ folder: string; owner: ReturnType<typeof spawn> }> {
  const owner = spawn(process.execPath, [fileURLToPath(new URL('../src/main.ts', import.meta.url)), 'up'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: owner.stdout }).once('line', resolve);
    owner.once('exit', (code) => reject(new Error(`The owner ended with ${code} before its machine was up.`)));
  });
  return { folder: z.object({ folder: z.string() }).parse(JSON.parse(line)).folder, owner };
}

/** All packet filter rules of the host. */
async function hostRules(): Promise<string> {
  const debian = await bringDebian(() => undefined);
  const rules = await runProgram('iptables-save', [], { env: debian.environment });
  return rules.replaceAll(/^#.*$/gm, '');
}

function openRedis(url: string): AsyncDisposable & { redis: Redis } {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined); // It is away on purpose.
  return { redis, [Symbol.asyncDispose]: async () => redis.disconnect() };
}
