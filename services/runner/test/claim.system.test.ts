import { keysOf } from '@cc-ci/shared/runs/keys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claim, type HeldRun } from '../src/claim.ts';
import { runnerGone } from '../src/diagnose.ts';
import { LeaseLost, StopWished } from '../src/stop.ts';
import { aborted, openRecords, type Records } from './records.ts';

let records: Records;
beforeEach(async () => {
  records = await openRecords();
});
afterEach(() => records[Symbol.asyncDispose]());

async function hold(id: string, attempt = 1): Promise<HeldRun> {
  const held = await claim({ v: 1, run: id, attempt }, records.claimant);
  if (!('run' in held)) throw new Error(`not held: ${JSON.stringify(held)}`);
  return held;
}

describe('a run that is due', () => {
  it('is held by the one runner that claims it, under names of this attempt alone', async () => {
    const { id } = await records.queued();
    await using held = await hold(id);
    expect(held.app.stack).toMatch(/^prob-[0-9a-f]{6}$/);
    expect(held.app).toEqual({
      stack: held.app.stack,
      domain: `${held.app.stack}.apps.test`,
      owner: { instance: records.instance, host: 'here', run: id, attempt: 1 },
    });
    expect(await records.store.read(id)).toMatchObject({
      state: 'running',
      attempts: [{ stack: held.app.stack, runner: 'runner-1' }],
    });
  });

  it('is held by one of many that claim it at the same time', async () => {
    const { id } = await records.queued();
    const runners = Array.from({ length: 8 }, (_, index) => ({ ...records.claimant, runner: `runner-${index}` }));
    const claims = await Promise.all(runners.map((by) => claim({ v: 1, run: id, attempt: 1 }, by)));
    const held = claims.filter((each) => 'run' in each);
    await Promise.all(held.map((each) => each[Symbol.asyncDispose]()));
    expect(held).toHaveLength(1);
  });

  it('stays held for longer than the lease, as the lease is renewed', async () => {
    const { id } = await records.queued();
    await using _ = await hold(id);
    const lease = keysOf(records.instance).lease(id);
    const renewals: number[] = [];
    // The time that is left grows only when somebody renews it.
    for (let before = await records.redis.client.pttl(lease); renewals.length < 3; ) {
      const left = await records.redis.client.pttl(lease);
      if (left > before) renewals.push(left);
      before = left;
    }
    expect(await records.store.isLeased(id)).toBe(true);
  });

  it('is given back when the attempt is over', async () => {
    const { id } = await records.queued();
    {
      await using _ = await hold(id);
    }
    expect(await records.store.isLeased(id)).toBe(false);
  });
});

describe('a job', () => {
  it.each([
    ['for a run that nobody knows', async () => ({ run: '00000a', attempt: 1 })],
    ['for a run that runs already', async () => ({ run: (await records.running()).id, attempt: 1 })],
    ['for an attempt that is not the next one', async () => ({ run: (await records.queued()).id, attempt: 2 })],
  ])('%s is simply done', async (_, job) => {
    expect(await claim({ v: 1, ...(await job()) }, records.claimant)).toEqual({ done: true });
  });

  it('waits while the attempt before still cleans up', async () => {
    const { id } = await records.running();
    const cause = runnerGone('runner-1', 'here', null);
    await records.store.apply(id, { kind: 'attempt-lost', attempt: 1, why: 'it broke', cause, at: 1, attemptsAllowed: 3 });
    expect(await claim({ v: 1, run: id, attempt: 2 }, records.claimant)).toMatchObject({ later: 200 });
  });
});

describe('an attempt', () => {
  it('stops when somebody wishes it', async () => {
    const { id } = await records.queued();
    await using held = await hold(id);
    await records.store.apply(id, { kind: 'wished', wish: { stop: 'superseded', why: 'asked', by: 'boris', at: 1 } });
    const reason = await aborted(held.signal);
    expect(reason).toBeInstanceOf(StopWished);
    expect(reason).toHaveProperty('stop', 'superseded');
  });

  it('stops when its lease is gone', async () => {
    const { id } = await records.queued();
    await using held = await hold(id);
    await records.redis.client.del(keysOf(records.instance).lease(id));
    const reason = await aborted(held.signal);
    expect(reason).toBeInstanceOf(LeaseLost);
    expect(String(reason)).toContain('its lease has run out');
  });

  it('stops when Redis is silent for longer than the lease', async () => {
    const { id } = await records.queued();
    const silent = Promise.withResolvers<boolean>();
    const store = { ...records.store, renew: () => silent.promise };
    const held = await claim({ v: 1, run: id, attempt: 1 }, { ...records.claimant, store });
    if (!('run' in held)) throw new Error('not held');
    const reason = await aborted(held.signal);
    expect(reason).toBeInstanceOf(LeaseLost);
    expect(String(reason)).toContain('did not answer');
    silent.resolve(true);
    await held[Symbol.asyncDispose]();
  });
});
