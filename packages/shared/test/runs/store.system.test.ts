import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { pullSubject } from '../../src/contract/ids.ts';
import { beat, forgetSilent, living } from '../../src/runs/heartbeats.ts';
import { openIntakeStore } from '../../src/runs/intake-store.ts';
import { keysOf } from '../../src/runs/keys.ts';
import { openLedger } from '../../src/runs/ledger.ts';
import { appendLog, readLog } from '../../src/runs/log-stream.ts';
import { openRunStore, RecordUnreadable } from '../../src/runs/store.ts';
import type { Log } from '../../src/service/log.ts';
import { claim, request } from './example-run.ts';

const redis = new Redis(inject('machine').redisUrl);
const instance = `store-${randomUUID().slice(0, 8)}`;
const announced: string[] = [];
const announce = async (subject: string): Promise<void> => void announced.push(subject);
const runs = openRunStore(redis, instance, announce);
const subject = pullSubject(3, 7);
let comment = 1_000;
/** A request that no other test made. */
const another = () => ({ ...request, origin: { kind: 'comment' as const, commentId: ++comment, at: 1_000 } });

afterAll(async () => {
  const keys = await redis.keys(`${keysOf(instance).queuePrefix}*`);
  if (keys.length > 0) await redis.del(keys);
  redis.disconnect();
});

describe('the store of runs', () => {
  it('creates one run for one comment, however many ask at once', async () => {
    const wanted = another();
    const answers = await Promise.all(Array.from({ length: 8 }, () => runs.create(wanted, 5_000)));
    expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
  });

  it('keeps both runs when two requests meet under one id', async () => {
    const wanted = another();
    const { run } = await runs.create(wanted, 5_000);
    const stranger = { ...run, request: another() };
    await redis.hset(keysOf(instance).run(run.id), 'body', JSON.stringify(stranger));
    const second = await runs.create(wanted, 6_000);
    expect(second.created).toBe(true);
    expect(second.run.id).not.toBe(run.id);
    expect((await runs.read(run.id))?.request.origin).toEqual(stranger.request.origin);
  });

  it('lets exactly one of many runners claim a run', async () => {
    const { run } = await runs.create(another(), 5_000);
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((runner) => runs.claim(run.id, { ...claim, runner }, 60_000)));
    expect(answers.filter((answer) => !('refused' in answer))).toHaveLength(1);
    expect((await runs.read(run.id))?.attempts).toHaveLength(1);
  });

  it('gives no second attempt while the lease of the first is held, and gives it when it has run out', async () => {
    const { run } = await runs.create(another(), 5_000);
    await runs.claim(run.id, claim, 60_000);
    await runs.apply(run.id, {
      kind: 'attempt-lost',
      attempt: 1,
      why: 'test',
      at: 6_000,
      attemptsAllowed: 3,
      cause: { fault: 'ours', tier: null, sentence: 'Test.', evidence: [], remedy: null },
    });
    expect(await runs.claim(run.id, { ...claim, attempt: 2, runner: 'b' }, 60_000)).toHaveProperty('refused');
    await runs.release({ run: run.id, attempt: 1, runner: claim.runner });
    expect(await runs.claim(run.id, { ...claim, attempt: 2, runner: 'b' }, 60_000)).toMatchObject({
      attempts: [{}, { runner: 'b' }],
    });
  });

  it('tells a runner that its lease is lost once another one holds the run', async () => {
    const { run } = await runs.create(another(), 5_000);
    await runs.claim(run.id, claim, 60_000);
    const lease = { run: run.id, attempt: 1, runner: claim.runner };
    expect(await runs.renew(lease, 60_000)).toBe(true);
    await redis.set(keysOf(instance).lease(run.id), '2 somebody-else');
    expect(await runs.renew(lease, 60_000)).toBe(false);
    await runs.release(lease);
    expect(await runs.isLeased(run.id)).toBe(true);
  });

  it('loses no event when many writers change one record at once', async () => {
    const { run } = await runs.create(another(), 5_000);
    await runs.claim(run.id, claim, 60_000);
    await runs.apply(run.id, {
      kind: 'planned',
      attempt: 1,
      version: null,
      base: null,
      steps: [
        { tier: 'install', state: 'pending' },
        { tier: 'upgrade', state: 'pending' },
      ],
    });
    await Promise.all([
      runs.apply(run.id, { kind: 'step-started', attempt: 1, tier: 'install', at: 1 }),
      runs.apply(run.id, { kind: 'step-started', attempt: 1, tier: 'upgrade', at: 2 }),
      runs.apply(run.id, { kind: 'stand-ins-seen', attempt: 1 }),
    ]);
    expect(await runs.read(run.id)).toMatchObject({ standIns: true, steps: [{ state: 'running' }, { state: 'running' }] });
  });

  it('holds a run open until its clean-up is proven', async () => {
    const { run } = await runs.create(another(), 5_000);
    const isOpen = async (): Promise<boolean> => (await runs.open()).some(({ id }) => id === run.id);
    await runs.claim(run.id, claim, 60_000);
    await runs.apply(run.id, { kind: 'ended', attempt: 1, verdict: 'passed', cause: null, at: 7_000 });
    expect(await isOpen()).toBe(true);
    const proof = { state: 'proven', removed: {}, left: [], host: 'ci-1', at: 8_000, milliseconds: 10 } as const;
    await runs.apply(run.id, { kind: 'cleaned', attempt: 1, cleanup: { ...proof, left: [] } });
    expect(await isOpen()).toBe(false);
  });

  it('lists the runs of one repository, newest first, whatever they are about', async () => {
    const repo = { ...request.repo, id: 77 };
    const { run: older } = await runs.create({ ...another(), repo }, 5_000);
    const { run: newer } = await runs.create({ ...another(), repo, pull: null }, 6_000);
    await runs.create(another(), 7_000);
    expect((await runs.page(repo.id, undefined, 9)).runs.map(({ id }) => id)).toEqual([newer.id, older.id]);
    expect((await runs.page(repo.id, undefined, 1)).runs.map(({ id }) => id)).toEqual([newer.id]);
  });

  it('gives runs in pages that do not shift, also those of one moment', async () => {
    const repo = { ...request.repo, id: 78 };
    const created = [];
    for (const at of [5_000, 6_000, 6_000, 6_000, 7_000]) created.push((await runs.create({ ...another(), repo }, at)).run.id);
    const seen: string[] = [];
    let next: string | null | undefined;
    while (next !== null) {
      const page = await runs.page(repo.id, next, 2);
      seen.push(...page.runs.map(({ id }) => id));
      next = page.next;
      // What comes meanwhile is newer than all that is still to be read.
      await runs.create({ ...another(), repo }, 8_000);
    }
    expect(seen.toSorted()).toEqual(created.toSorted());
    expect([seen[0], seen.at(-1)]).toEqual([created.at(-1), created[0]]);
    expect(await runs.page(79, undefined, 2)).toEqual({ runs: [], next: null });
  });

  it('remembers that a subject changed until that very change was reported', async () => {
    const { run } = await runs.create(another(), 5_000);
    const seen = (await runs.changed()).find((each) => each.subject === subject);
    await runs.claim(run.id, claim, 60_000);
    if (seen) await runs.settle(seen);
    const still = (await runs.changed()).find((each) => each.subject === subject);
    expect(still).toBeDefined();
    if (still) await runs.settle(still);
    expect((await runs.changed()).some((each) => each.subject === subject)).toBe(false);
    expect(announced).toContain(subject);
  });

  it('leaves a record out of its lists that it cannot read, and says so once', async () => {
    const said: unknown[] = [];
    const log = { error: (facts: { run: string }) => void said.push(facts.run) };
    const store = openRunStore(redis, instance, announce, log as unknown as Log);
    const { run: newer } = await store.create(another(), 9_000);
    const { run: broken } = await store.create(another(), 9_000);
    const { run } = await store.create(another(), 9_000);
    await redis.hset(keysOf(instance).run(newer.id), 'body', JSON.stringify({ ...newer, v: 2 }));
    await redis.hset(keysOf(instance).run(broken.id), 'body', '{"v":');
    const ids = [newer.id, broken.id, run.id];
    for (const list of [await store.open(), await store.ofSubject(subject), await store.recent(100)])
      expect(list.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual([run.id]);
    expect(said.toSorted()).toEqual([newer.id, broken.id].toSorted());
    await expect(store.read(newer.id)).rejects.toThrow(RecordUnreadable);
    await redis.del(ids.map((id) => keysOf(instance).run(id)));
  });

  it('has one epoch until the data is lost', async () => {
    const epoch = await runs.epoch();
    expect(await runs.epoch()).toBe(epoch);
    await redis.del(keysOf(instance).epoch);
    expect(await runs.epoch()).not.toBe(epoch);
  });
});

describe('the store of comments', () => {
  const intake = openIntakeStore(redis, instance, announce);
  const job = { v: 1, repo: request.repo, commentId: 9_001, updatedAt: 5_000 } as const;
  const outcome = { ...job, pull: 7, author: 'boris', seenAt: 6_000, outcome: { kind: 'ignored', why: 'too old' } } as const;

  it('does not keep a comment pending that is seen again while its outcome is recorded', async () => {
    const again = { ...job, commentId: job.commentId + 1 };
    await Promise.all([intake.saw(again), intake.record({ ...outcome, commentId: again.commentId, pull: null })]);
    expect(await intake.pending()).toEqual([]);
  });

  it('keeps a comment pending until its outcome is recorded, and records one outcome only', async () => {
    expect(await intake.saw(job)).toBe(true);
    expect(await intake.pending()).toContainEqual(job);
    expect(await intake.record(outcome)).toBe(true);
    expect(await intake.record({ ...outcome, outcome: { kind: 'confused', why: 'second' } })).toBe(false);
    expect(await intake.pending()).toEqual([]);
    expect(await intake.saw(job)).toBe(false);
    expect(await intake.ofSubject(subject)).toEqual([outcome]);
  });
});

describe('the log of a run', () => {
  it('is read back in order, from where the reader left off, with one huge line cut', async () => {
    const lines = ['first', 'x'.repeat(5_000_000), 'last'].map((text) => ({ attempt: 1, from: 'install', text }));
    await appendLog(redis, instance, '8f3a2c', lines);
    const all = await readLog(redis, instance, '8f3a2c');
    expect(all.map(({ text }) => text.length < 10_000)).toEqual([true, true, true]);
    expect(all[1]?.text).toContain('more characters');
    expect((await readLog(redis, instance, '8f3a2c', all[1]?.id)).map(({ text }) => text)).toEqual(['last']);
  });
});

describe('the ledger of a host', () => {
  it('holds what may exist until it is struck out', async () => {
    const ledger = openLedger(redis, instance, 'ci-1');
    const entry = { stack: 'hedg-8f3a2c', run: '8f3a2c', attempt: 1, at: 5_000 };
    await ledger.expect(entry);
    await ledger.expect(entry);
    expect(await ledger.entries()).toEqual([entry]);
    await ledger.strike(entry.stack);
    expect(await ledger.entries()).toEqual([]);
  });
});

describe('a heartbeat', () => {
  it('is dropped an hour after its service was killed, and no sooner', async () => {
    const HOUR = 3_600_000;
    const heartbeat = {
      v: 1,
      service: 'runner',
      host: 'ci-1',
      startedAt: 0,
      settingsHash: '',
      capacity: 1,
      running: [],
      draining: false,
    } as const;
    await beat(redis, instance, { ...heartbeat, id: 'killed', at: 0, running: [] });
    await beat(redis, instance, { ...heartbeat, id: 'slow', at: 1, running: [] });
    await forgetSilent(redis, instance, HOUR + 1);
    expect((await living(redis, instance, 2)).map(({ id }) => id)).toEqual(['slow']);
  });
});
