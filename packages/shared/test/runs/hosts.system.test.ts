import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { beat } from '../../src/runs/heartbeats.ts';
import { nameHost, openTurn } from '../../src/runs/hosts.ts';
import { keysOf } from '../../src/runs/keys.ts';

let redis: Redis;
let instance: string;
beforeEach(() => {
  redis = new Redis(inject('machine').redisUrl);
  instance = `t${randomBytes(4).toString('hex')}`;
});
afterEach(async () => {
  const mine = await redis.keys(`${keysOf(instance).queuePrefix}*`);
  if (mine.length > 0) await redis.del(mine);
  redis.disconnect();
});

const name = (runner: string, engine: string, host = 'ci-1') => nameHost(redis, { instance, host, runner, engine }, 1_000);
const lives = (id: string) =>
  beat(redis, instance, {
    v: 1,
    service: 'runner',
    id,
    host: 'ci-1',
    startedAt: 0,
    at: 1_000,
    settingsHash: '',
    capacity: 1,
    running: [],
    draining: false,
  });

describe('the name of a host', () => {
  it('is shared by the runners of one engine', async () => {
    expect(await name('a', 'E1')).toBe(true);
    await lives('a');
    expect(await name('b', 'E1')).toBe(true);
  });

  it('is refused to another engine while a runner of the first one lives', async () => {
    await name('a', 'E1');
    await lives('a');
    expect(await name('b', 'E2')).toBe(false);
    expect(await name('b', 'E2', 'ci-2')).toBe(true);
    expect(await name('a', 'E1')).toBe(true);
  });

  it('goes to a new engine when the old one has no runner any more', async () => {
    await name('a', 'E1');
    expect(await name('b', 'E2')).toBe(true);
  });
});

describe('the turn to reap a host', () => {
  const turn = (runner: string, ms = 60_000) => openTurn(redis, { instance, host: 'ci-1', runner }, ms);

  it('is held by one at a time, for as long as it is held again, and given back', async () => {
    const [first, second] = [turn('a'), turn('b')];
    expect([await first.hold(), await second.hold(), await first.hold()]).toEqual([true, false, true]);
    await second.release();
    expect(await second.hold()).toBe(false);
    await first.release();
    expect(await second.hold()).toBe(true);
  });

  it('runs out when its holder does not come back', async () => {
    await turn('a', 1).hold();
    await expect.poll(() => turn('b').hold()).toBe(true);
  });
});
