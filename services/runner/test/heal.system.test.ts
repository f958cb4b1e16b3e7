import type { RunRecord } from '@cc-ci/shared/contract/run';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runnerGone } from '../src/diagnose.ts';
import { heal } from '../src/heal.ts';
import { openRecords, type Records } from './records.ts';

let records: Records;
beforeEach(async () => {
  records = await openRecords();
});
afterEach(() => records[Symbol.asyncDispose]());

const forgetLease = (run: RunRecord) => records.redis.client.del(keysOf(records.instance).lease(run.id));

describe('healing', () => {
  const jobs: unknown[] = [];
  const healAll = () =>
    heal({
      store: records.store,
      producer: { add: async (_, job) => void jobs.push(job) },
      attemptsAllowed: 2,
      log: records.log,
      now: Date.now,
    });
  beforeEach(() => {
    jobs.length = 0;
  });

  it('gives a waiting run its job', async () => {
    const { id } = await records.queued();
    await healAll();
    expect(jobs).toEqual([{ v: 1, run: id, attempt: 1 }]);
  });

  it('leaves a run that is held', async () => {
    const { id } = await records.running();
    await healAll();
    expect(await records.store.read(id)).toMatchObject({ state: 'running' });
    expect(jobs).toEqual([]);
  });

  it('leaves the next attempt to whoever still cleans up after the one before, and adds its job later', async () => {
    const { id } = await records.running();
    const cause = runnerGone('runner-1', 'here', null);
    await records.store.apply(id, { kind: 'attempt-lost', attempt: 1, why: 'it broke', cause, at: 1, attemptsAllowed: 3 });
    await healAll();
    expect(jobs).toEqual([]);
  });

  it('queues a run again that nobody holds any more', async () => {
    const run = await records.running({ host: 'elsewhere' });
    await forgetLease(run);
    await healAll();
    expect(await records.store.read(run.id)).toMatchObject({ state: 'queued', attempts: [{ lostTo: 'the runner went silent' }] });
    expect(jobs).toEqual([{ v: 1, run: run.id, attempt: 2 }]);
  });

  it('ends a run as errored that lost its runner in the last attempt', async () => {
    const run = await records.running();
    await forgetLease(run);
    await healAll();
    await records.store.claim(
      run.id,
      { kind: 'claimed', attempt: 2, runner: 'runner-2', host: 'here', stack: 's', domain: 'd', at: 1 },
      60_000,
    );
    await forgetLease(run);
    jobs.length = 0;
    await healAll();
    expect(await records.store.read(run.id)).toMatchObject({
      verdict: 'errored',
      cause: { fault: 'ours', sentence: 'The runner runner-2 on here went silent during the run.' },
    });
    expect(jobs).toEqual([]);
  });
});
