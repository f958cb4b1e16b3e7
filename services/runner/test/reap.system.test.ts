import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OwnedStack, Removal } from '@cc-ci/deploy/deployer';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { openTurn, type Turn } from '@cc-ci/shared/runs/hosts';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Root } from '../src/clean-up.ts';
import { type Reaper, reap } from '../src/reap.ts';
import { openRecords, type Records } from './records.ts';

let records: Records;
let checkouts: string;
let turn: Turn;
beforeEach(async () => {
  records = await openRecords();
  turn = turnOf('runner-1');
  checkouts = await mkdtemp(join(tmpdir(), 'ccci-reap-'));
});
afterEach(async () => {
  await records[Symbol.asyncDispose]();
  await rm(checkouts, { recursive: true });
});

/** Longer than these tests take. Milliseconds. */
const TURN_MS = 60_000;
const turnOf = (runner: string): Turn =>
  openTurn(records.redis.client, { instance: records.instance, host: 'here', runner }, TURN_MS);

/** What is on the engine, and a driver that removes it. */
interface Host {
  readonly removed: string[];
  left: Removal['left'];
  owned(): Promise<OwnedStack[]>;
  remove(root: Root): Promise<Removal>;
}

function hostWith(...stacks: OwnedStack[]): Host {
  const removed: string[] = [];
  const none = { services: 0, containers: 0, networks: 0, volumes: 0, secrets: 0, configs: 0 };
  const host: Host = {
    removed,
    left: [],
    owned: async () => stacks,
    async remove({ stack }) {
      removed.push(stack);
      return { removed: { ...none, services: 1 }, left: host.left };
    },
  };
  return host;
}

async function reaper(host: Host, changes: Partial<Reaper> = {}): Promise<Reaper> {
  const { instance, store, ledger, log } = records;
  return {
    instance,
    host: 'here',
    deployer: host,
    store,
    ledger,
    turn,
    isOurHost: async () => true,
    epoch: await store.epoch(),
    busy: new Set(),
    going: new Set(),
    broom: { deployer: host, store, ledger, checkouts, limitMs: 1_000, log, now: Date.now },
    log,
    ...changes,
  };
}
/** What bears our labels and belongs to no record. */
const foundAlone = (): OwnedStack => ({
  stack: 'prob-111111',
  owner: { instance: records.instance, host: 'here', run: '111111', attempt: 1 },
});
/** Reaps, and waits until what was found is gone. */
async function reapAll(given: Reaper): Promise<void> {
  await (await reap(given)).removed;
}
const ownedBy = ({ id, attempts }: RunRecord, attempt = 1): OwnedStack => ({
  stack: attempts[attempt - 1]?.stack ?? '',
  owner: { instance: records.instance, host: 'here', run: id, attempt },
});
const forgetLease = (run: RunRecord) => records.redis.client.del(keysOf(records.instance).lease(run.id));

describe('the reaper', () => {
  it('leaves what a living attempt owns', async () => {
    const run = await records.running();
    const host = hostWith(ownedBy(run));
    await reapAll(await reaper(host));
    expect(host.removed).toEqual([]);
  });

  it('leaves what an attempt owns that has its verdict and still cleans up', async () => {
    const run = await records.running();
    await records.store.apply(run.id, { kind: 'ended', attempt: 1, verdict: 'passed', cause: null, at: 1 });
    const host = hostWith(ownedBy(run));
    await reapAll(await reaper(host));
    expect(host.removed).toEqual([]);
  });

  it('removes what an attempt owned whose lease has run out, and tells its record', async () => {
    const run = await records.running();
    await forgetLease(run);
    const host = hostWith(ownedBy(run));
    await reapAll(await reaper(host));
    expect(host.removed).toEqual([ownedBy(run).stack]);
    expect(await records.store.read(run.id)).toMatchObject({
      attempts: [{ cleanup: { state: 'proven', removed: { services: 1 } } }],
    });
  });

  it('removes what an earlier attempt owned while a newer one lives', async () => {
    const run = await records.running();
    const old = { ...ownedBy(run), stack: 'prob-000000', owner: { ...ownedBy(run).owner, attempt: 7 } };
    const host = hostWith(ownedBy(run), old);
    await reapAll(await reaper(host));
    expect(host.removed).toEqual(['prob-000000']);
  });

  it('leaves what belongs to a record that it cannot read, and removes the rest', async () => {
    const run = await records.running();
    await forgetLease(run);
    await records.redis.client.hset(keysOf(records.instance).run(run.id), 'body', '{"v":2}');
    const host = hostWith(ownedBy(run), foundAlone());
    await reapAll(await reaper(host));
    expect(host.removed).toEqual(['prob-111111']);
  });

  it('removes what belongs to no record at all', async () => {
    const host = hostWith(foundAlone());
    await reapAll(await reaper(host));
    expect(host.removed).toEqual(['prob-111111']);
  });

  it('proves the clean-up of an attempt that died before it created anything', async () => {
    const run = await records.running();
    await forgetLease(run);
    await reapAll(await reaper(hostWith()));
    expect(await records.store.read(run.id)).toMatchObject({ attempts: [{ cleanup: { state: 'proven' } }] });
  });

  it('removes what only the ledger knows, and strikes it out once it is gone', async () => {
    await records.ledger.expect({ stack: 'prob-222222', run: '222222', attempt: 1, at: 1 });
    const host = hostWith();
    host.left = [{ kind: 'networks', name: 'prob-222222_internal', why: 'it is in use' }];
    await reapAll(await reaper(host));
    expect(await records.ledger.entries()).toHaveLength(1);
    host.left = [];
    await reapAll(await reaper(host));
    expect(await records.ledger.entries()).toEqual([]);
    expect(host.removed).toEqual(['prob-222222', 'prob-222222']);
  });

  it('says what is left, and does not touch the verdict', async () => {
    const run = await records.running();
    await records.store.apply(run.id, { kind: 'ended', attempt: 1, verdict: 'passed', cause: null, at: 1 });
    await forgetLease(run);
    const host = hostWith(ownedBy(run));
    host.left = [{ kind: 'networks', name: 'x_internal', why: 'it is in use' }];
    await reapAll(await reaper(host));
    expect(await records.store.read(run.id)).toMatchObject({
      verdict: 'passed',
      attempts: [{ cleanup: { state: 'remaining', left: ['networks x_internal: it is in use'] } }],
    });
  });

  it('leaves other hosts to their own runners', async () => {
    const run = await records.running({ host: 'elsewhere' });
    await forgetLease(run);
    const host = hostWith();
    await reapAll(await reaper(host));
    expect(host.removed).toEqual([]);
  });

  it('leaves what this process itself is working on', async () => {
    const run = await records.running();
    await forgetLease(run);
    const host = hostWith(ownedBy(run));
    await reapAll(await reaper(host, { busy: new Set([ownedBy(run).stack]) }));
    expect(host.removed).toEqual([]);
  });

  it('touches nothing after Redis lost its data', async () => {
    const host = hostWith(foundAlone());
    await reapAll(await reaper(host, { epoch: 'of another life' }));
    expect(host.removed).toEqual([]);
  });

  it('touches nothing while another engine goes by the name of this host', async () => {
    const host = hostWith(foundAlone());
    await reapAll(await reaper(host, { isOurHost: async () => false }));
    expect(host.removed).toEqual([]);
  });

  it('goes on with the others while one removal takes its time, and does not begin that one twice', async () => {
    const host = hostWith(foundAlone());
    const { promise, resolve } = Promise.withResolvers<void>();
    const begun: string[] = [];
    const slow: Host = {
      ...host,
      async remove(root) {
        begun.push(root.stack);
        if (root.stack === 'prob-111111') await promise;
        return await host.remove(root);
      },
    };
    const given = await reaper(slow, { broom: { ...(await reaper(slow)).broom, deployer: slow } });
    const first = await reap(given);
    await records.ledger.expect({ stack: 'prob-222222', run: '222222', attempt: 1, at: 1 });
    await reapAll(given);
    expect(host.removed).toEqual(['prob-222222']);
    resolve();
    await first.removed;
    expect(begun).toEqual(['prob-111111', 'prob-222222']);
  });

  it('is one process of the host at a time', async () => {
    const host = hostWith(foundAlone());
    const second = await reaper(host);
    const first = turnOf('runner-2');
    expect(await first.hold()).toBe(true);
    await reapAll(second);
    expect(host.removed).toEqual([]);
    await first.release();
    await reapAll(second);
    expect(host.removed).toEqual(['prob-111111']);
  });

  it('removes the checkouts of dead attempts, and no others', async () => {
    const run = await records.running();
    const { stack } = ownedBy(run);
    await records.ledger.expect({ stack, run: run.id, attempt: 1, at: 1 });
    for (const folder of [stack, 'prob-333333', 'prob-444444'])
      await mkdir(join(checkouts, folder, 'commit'), { recursive: true });
    await reapAll(await reaper(hostWith(), { busy: new Set(['prob-444444']) }));
    expect((await readdir(checkouts)).toSorted()).toEqual([stack, 'prob-444444'].toSorted());
  });
});
