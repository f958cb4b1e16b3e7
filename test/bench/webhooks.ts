import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { execa } from 'execa';
import { Redis } from 'ioredis';
import { startForgeDouble } from '../../packages/forge-double/src/double.ts';
import { deliverAtOnce, deliverEvenly, type Target } from './deliveries.ts';
import { type Figure, latencyFigure, type Rates, rateFigure } from './figures.ts';

/** What a forge of a thousand busy people would not reach. */
const PER_SECOND = 50;
/** Twenty seconds, after five to warm up. */
const [WARMING, COUNTED] = [5 * PER_SECOND, 20 * PER_SECOND];
/** Deliveries of one turn in the contest, and how many are on their way at a time. */
const TURN = 2_000;
const AT_A_TIME = 16;

type Open = (kind: 'trigger' | 'receiver' | 'bare') => Promise<Target & AsyncDisposable>;

/**
 * What receiving a webhook costs. Comments are gone by the time that they are read: what a forge needs to answer is not what is measured.
 * @param pairs turns of ours and of the bare receiver
 */
export async function webhookFigures(
  redisUrl: string,
  { pairs, isWanted, signal }: { pairs: number; isWanted: (name: string) => boolean; signal: AbortSignal },
): Promise<Figure[]> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'ccci-bench-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const forge = opened.use(await startForgeDouble({ folder }));
  forge.addUser('cc-ci');
  forge.addOrganisation('coop', { owner: 'cc-ci' });
  const { id } = await forge.addRepository('coop/hedgedoc');
  const token = forge.issueToken('cc-ci', ['read:issue', 'read:repository', 'read:organization', 'read:user']);
  const secret = randomBytes(16).toString('hex');

  const open: Open = async (kind) => {
    const script = fileURLToPath(new URL('receiver-main.ts', import.meta.url));
    const options = { kind, redis: redisUrl, forge: forge.url, token, secret };
    const child = execa(process.execPath, [script, ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)], {
      reject: false,
      stderr: 'inherit',
      buffer: false,
      cancelSignal: signal,
    });
    const [url] = await once(createInterface({ input: child.stdout }), 'line');
    return {
      ...{ url: String(url), secret, repository: { id, full_name: 'coop/hedgedoc' } },
      async [Symbol.asyncDispose]() {
        child.kill('SIGTERM');
        await child;
        await forget(redisUrl, `bench-${kind}`);
      },
    };
  };

  const figures = {
    'webhook-p99': async (name: string) => latencyFigure(name, `${PER_SECOND}/s`, await latencies(open)),
    'webhook-rate-over-bare': async (name: string) => rateFigure(name, await rates(open, pairs, signal)),
  };
  const measured: Figure[] = [];
  for (const [name, measure] of Object.entries(figures)) if (isWanted(name)) measured.push(await measure(name));
  return measured;
}

/** Of a whole trigger, which does its other work meanwhile. */
async function latencies(open: Open): Promise<number[]> {
  await using trigger = await open('trigger');
  await deliverEvenly(trigger, { perSecond: PER_SECOND, count: WARMING });
  return await deliverEvenly(trigger, { perSecond: PER_SECOND, count: COUNTED });
}

/** Of what receives alone, in turns with the bare receiver. The first pair warms up and does not count. */
async function rates(open: Open, pairs: number, signal: AbortSignal): Promise<Rates[]> {
  await using ours = await open('receiver');
  await using bare = await open('bare');
  const turn = (target: Target): Promise<number> => deliverAtOnce(target, { atATime: AT_A_TIME, count: TURN });
  const turns: Rates[] = [];
  for (let index = 0; index <= pairs; index += 1) {
    signal.throwIfAborted();
    // Whoever comes second may find another machine.
    const early = index % 2 === 0 ? await turn(bare) : undefined;
    const rate = await turn(ours);
    turns.push({ ours: rate, bare: early ?? (await turn(bare)) });
  }
  return turns.slice(1);
}

async function forget(redisUrl: string, instance: string): Promise<void> {
  const redis = new Redis(redisUrl);
  const mine = await redis.keys(`${keysOf(instance).queuePrefix}*`);
  for (let from = 0; from < mine.length; from += TURN) await redis.del(mine.slice(from, from + TURN));
  redis.disconnect();
}
