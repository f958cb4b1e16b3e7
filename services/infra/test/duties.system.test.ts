import { randomUUID } from 'node:crypto';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { openRunStore } from '@cc-ci/shared/runs/store';
import { openSweepStore } from '@cc-ci/shared/runs/sweeps';
import { openLog } from '@cc-ci/shared/service/log';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { duties } from '../src/duties.ts';

const DAY_MS = 86_400_000;
const now = Date.UTC(2026, 10, 25, 3);
const redis = new Redis(inject('machine').redisUrl);
const instance = `infra-${randomUUID().slice(0, 8)}`;
const runs = openRunStore(redis, instance, async () => undefined);
const perform = duties({
  instance,
  redis,
  forge: { branchHead: async () => 'a'.repeat(40) },
  log: openLog({ service: 'infra', instance, level: 'error' }),
  sweeps: openSweepStore(redis, instance),
  runs,
  enqueue: async () => undefined,
  retention: { runs_days: 90, intake_days: 180 },
  now: () => now,
});
afterAll(async () => {
  await redis.del(await redis.keys(`${keysOf(instance).queuePrefix}*`));
  redis.disconnect();
});

/** A run that was over, and told, so many days ago. */
async function runOf(days: number): Promise<string> {
  const at = now - days * DAY_MS;
  const { run } = await runs.create(
    {
      origin: { kind: 'comment', commentId: days, at },
      repo: { id: 3, owner: 'coop', name: 'hedgedoc' },
      cloneUrl: 'https://git.example.org/coop/hedgedoc.git',
      recipe: 'hedgedoc',
      pull: { number: 7, url: 'https://git.example.org/coop/hedgedoc/pulls/7', baseRef: 'main' },
      commit: 'a'.repeat(40),
      chosen: 'head-at-comment',
      flags: { quick: false, extraTests: false, stages: null },
      by: 'boris',
    },
    at,
  );
  await runs.apply(run.id, { kind: 'wished', wish: { stop: 'cancelled', why: 'asked', by: 'boris', at } });
  for (const changed of await runs.changed()) await runs.settle(changed);
  return run.id;
}

describe('infra forgets', () => {
  it('runs after as many days as the settings say, and none before', async () => {
    const old = await runOf(91);
    const young = await runOf(89);
    await perform('forget');
    expect(await runs.read(old)).toBeUndefined();
    expect(await runs.read(young)).toMatchObject({ id: young });
  });
});
