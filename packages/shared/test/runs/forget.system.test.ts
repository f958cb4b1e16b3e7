import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { pullSubject } from '../../src/contract/ids.ts';
import type { SweepRecord } from '../../src/contract/infra.ts';
import { forgetOld } from '../../src/runs/forget.ts';
import { openIntakeStore } from '../../src/runs/intake-store.ts';
import { keysOf } from '../../src/runs/keys.ts';
import { appendLog } from '../../src/runs/log-stream.ts';
import { openRunStore } from '../../src/runs/store.ts';
import { openSweepStore } from '../../src/runs/sweeps.ts';
import { request } from './example-run.ts';

const redis = new Redis(inject('machine').redisUrl);
const instance = `forget-${randomUUID().slice(0, 8)}`;
const keys = keysOf(instance);
const runs = openRunStore(redis, instance, async () => undefined);
const intake = openIntakeStore(redis, instance, async () => undefined);
const sweeps = openSweepStore(redis, instance);
const subject = pullSubject(3, 7);
const all = async () => (await redis.keys(`${keys.queuePrefix}*`)).toSorted();

const OLD = 1_000;
const YOUNG = 9_000;
const limit = { runsBefore: 5_000, commentsBefore: 5_000 };

beforeEach(async () => {
  const mine = await all();
  if (mine.length > 0) await redis.del(mine);
});
afterAll(async () => {
  const mine = await all();
  if (mine.length > 0) await redis.del(mine);
  redis.disconnect();
});

/** A run that was asked for at this time, was stopped while it waited, and has a log. */
async function endedRun(at: number) {
  const { run } = await runs.create({ ...request, origin: { kind: 'comment', commentId: at, at } }, at);
  await runs.apply(run.id, { kind: 'wished', wish: { stop: 'cancelled', why: 'asked', by: 'boris', at } });
  await appendLog(redis, instance, run.id, [{ attempt: 1, from: 'runner', text: 'hello' }]);
  return run;
}

/** A comment that was answered at this time. */
async function answered(at: number, pull: number | null = 7): Promise<void> {
  const job = { v: 1, repo: request.repo, commentId: at, updatedAt: at } as const;
  await intake.record({ ...job, pull, author: 'boris', seenAt: at, outcome: { kind: 'ignored', why: 'test' } });
}

async function reported(): Promise<void> {
  for (const changed of await runs.changed()) await runs.settle(changed);
}

describe('what is too old', () => {
  it('goes with everything that belongs to it, and what is younger stays', async () => {
    const young = await endedRun(YOUNG);
    await answered(YOUNG);
    await reported();
    const before = await all();
    await endedRun(OLD);
    await answered(OLD);
    await answered(OLD + 1, null);
    await reported();
    expect(await forgetOld(redis, instance, limit)).toEqual({ runs: 1, comments: 2, sweeps: 0 });
    expect(await all()).toEqual(before);
    expect(await runs.recent(10)).toMatchObject([{ id: young.id }]);
    expect(await runs.ofSubject(subject)).toHaveLength(1);
    expect(await intake.ofSubject(subject)).toHaveLength(1);
  });

  it('leaves nothing but the counters when all of it is', async () => {
    await endedRun(OLD);
    await answered(OLD);
    await reported();
    await forgetOld(redis, instance, limit);
    expect(await all()).toEqual([keys.changes]);
  });

  it('stays while the run is not over', async () => {
    const { run } = await runs.create(request, OLD);
    await reported();
    expect(await forgetOld(redis, instance, limit)).toMatchObject({ runs: 0 });
    expect(await runs.open()).toMatchObject([{ id: run.id }]);
  });

  it('stays while it has not been said', async () => {
    await endedRun(OLD);
    await answered(OLD);
    expect(await forgetOld(redis, instance, limit)).toEqual({ runs: 0, comments: 0, sweeps: 0 });
  });

  it.each([
    ['a newer version wrote it', JSON.stringify({ v: 2, subject })],
    ['it is broken', '{"v":'],
  ])('goes also where %s', async (_, body) => {
    const run = await endedRun(OLD);
    await reported();
    await redis.hset(keys.run(run.id), 'body', body);
    expect(await forgetOld(redis, instance, limit)).toMatchObject({ runs: 1 });
    expect(await runs.recent(10)).toEqual([]);
  });

  it('of sweeps goes, but for the last one', async () => {
    const sweep = (id: string, startedAt: number): SweepRecord => ({ v: 1, id, rev: 0, startedAt, endedAt: null, entries: [] });
    await sweeps.create(sweep('sweep-1', OLD));
    await sweeps.create(sweep('sweep-2', OLD + 1));
    expect(await forgetOld(redis, instance, limit)).toMatchObject({ sweeps: 1 });
    expect(await sweeps.latest()).toMatchObject({ id: 'sweep-2' });
  });
});
