import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@cc-ci/cli/services';
import { queues } from '@cc-ci/shared/contract/queues';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { z } from 'zod';
import type { Processes, ServiceProcess } from '../processes.ts';
import type { World } from '../world.ts';

const services = ['trigger', 'runner', 'reporter', 'infra'] as const satisfies readonly ServiceName[];
/** What `weigh.ts` writes; bytes. */
const Weight = z.object({ heapUsed: z.number(), external: z.number() });
const LOOK_MS = 20;

export function isBytes(name: string): boolean {
  return name.endsWith('memory');
}

/**
 * Everything that could grow, by name: of each service's process, of the engine, of the runner's folder, of Redis.
 * @param weights the folder into which the services weigh themselves
 */
export async function readAll(
  world: World & { readonly processes: Processes },
  weights: string,
): Promise<Record<string, number>> {
  const ofServices = services.map(async (name) => await ofProcess(name, world.processes.process(name), weights));
  return Object.assign({}, ...(await Promise.all(ofServices)), await ofEngine(world), {
    'files of the runner': (await readdir(join(world.folder, 'runner'), { recursive: true })).length,
    'Redis keys beside records': (await strayKeys(world)).length,
  });
}

async function ofProcess(name: string, process: ServiceProcess, weights: string): Promise<Record<string, number>> {
  const { pid } = process;
  const { heapUsed, external } = await weigh(process, join(weights, String(pid)));
  const handles = await readdir(`/proc/${pid}/fd`);
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return {
    [`${name}: memory`]: heapUsed + external,
    [`${name}: open handles`]: handles.length,
    [`${name}: child processes`]: children.split(' ').filter(Boolean).length,
  };
}

async function weigh(process: ServiceProcess, path: string): Promise<z.infer<typeof Weight>> {
  await rm(path, { force: true });
  process.signal('SIGUSR2');
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return Weight.parse(JSON.parse(text));
    await pause(LOOK_MS);
  }
}

/** Also what bears nobody's label: whatever the runs make, it is on this engine. */
async function ofEngine({ docker }: World): Promise<Record<string, number>> {
  const lists = {
    services: docker.listServices(),
    tasks: docker.listTasks(),
    containers: docker.listContainers({ all: true }),
    networks: docker.listNetworks(),
    volumes: docker.listVolumes().then(({ Volumes }) => Volumes),
    secrets: docker.listSecrets(),
    configs: docker.listConfigs(),
  };
  const counted = Object.entries(lists).map(async ([name, list]) => [`engine: ${name}`, (await list).length] as const);
  return Object.fromEntries(await Promise.all(counted));
}

/** Keys of this instance that are neither the record of a run or a comment, nor a job that is done: those are kept for their time. */
async function strayKeys({ redis, instance }: World): Promise<string[]> {
  const { queuePrefix, run, log, intake } = keysOf(instance);
  const [all, ids, comments, done] = await Promise.all([
    redis.keys(`${queuePrefix}*`),
    redis.zrange(keysOf(instance).runs, 0, '-1'),
    redis.keys(`${intake('*')}`),
    Promise.all(Object.keys(queues).flatMap((queue) => ['completed', 'failed'].map((end) => jobsThatAre(queue, end)))),
  ]);
  const kept = new Set([...ids.flatMap((id) => [run(id), log(id)]), ...comments, ...done.flat()]);
  return all.filter((key) => !kept.has(key));

  async function jobsThatAre(queue: string, end: string): Promise<string[]> {
    return (await redis.zrange(`${queuePrefix}:${queue}:${end}`, 0, '-1')).map((id) => `${queuePrefix}:${queue}:${id}`);
  }
}

/** Bytes that Redis has in use for everything. */
export async function redisBytes({ redis }: World): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}
