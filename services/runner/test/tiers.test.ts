import type { ObservedService, Release } from '@cc-ci/deploy/deployer';
import { EngineUnavailable, NotConverged } from '@cc-ci/deploy/errors';
import { describe, expect, it } from 'vitest';
import type { Backup } from '../src/backups.ts';
import type { Canaries, Sight } from '../src/canary.ts';
import type { Deployment, Standing } from '../src/deployment.ts';
import { backup } from '../src/tiers/backup.ts';
import { AddressLost, BrokenBefore, DataLost, NotUpgraded } from '../src/tiers/failures.ts';
import { install } from '../src/tiers/install.ts';
import { restore } from '../src/tiers/restore.ts';
import type { BaseRelease, TierContext } from '../src/tiers/tier.ts';
import { addressLost, notUpgraded, upgrade } from '../src/tiers/upgrade.ts';
import { everything } from './example-app.ts';
import { release } from './release.ts';

const tested = release('b'.repeat(40));
const asUpgrade = release('b'.repeat(40));
const before = release('a'.repeat(40));
const base: BaseRelease = { release: before, name: '`1.0.0+1`', upgraded: async () => asUpgrade };
const crash = new NotConverged({
  service: 'app',
  reason: 'crash-loop',
  sentence: '`app` ends again and again.',
  exits: [1],
  evidence: [],
});

const running = (name: string, changes: Partial<ObservedService> = {}): ObservedService => ({
  name,
  commit: tested.commit,
  image: `${name}:1`,
  desired: 1,
  running: 1,
  current: 1,
  ...changes,
});
const both = [running('app'), running('db')];

const page = (status = 200, address = 'app.test'): Standing['served'] => ({ address, status });
/** What is up, and answers. */
const up = (of: Release, served = page()): Standing => ({ release: of, served });

const saved: Backup = { parts: [], files: 3, bytes: 4_096 };

/** A deployment that writes down what it is asked to do, and fails where it is told to. */
function deployment(
  options: {
    failing?: readonly Release[];
    error?: Error;
    same?: boolean;
    seen?: readonly ObservedService[];
    served?: Standing['served'];
    canaries?: Canaries;
    sights?: readonly Sight[];
  } = {},
): Deployment & { done: string[] } {
  const done: string[] = [];
  return {
    done,
    async putUp(given, { holdMs, at }) {
      done.push(`up ${given.commit.charAt(0)} for ${holdMs / 1000} s${at === undefined ? '' : ` at ${at}`}`);
      if (options.failing?.includes(given)) throw options.error ?? crash;
      return { release: given, served: 'served' in options ? options.served : page() };
    },
    async takeDown({ keep } = { keep: [] }) {
      done.push(['down', ...keep.map((kind) => `but for ${kind}`)].join(' '));
    },
    async stays(given, { holdMs }) {
      done.push(`stays for ${holdMs / 1000} s`);
      return given;
    },
    async backUp() {
      done.push('saved');
      return saved;
    },
    async putBack() {
      done.push('put back');
    },
    async afterPutBack() {
      done.push('hooks');
    },
    leaveCanaries: async () => options.canaries ?? { mark: '', places: [], volumes: 0 },
    lookForCanaries: async () => [...(options.sights ?? [])],
    observe: async () => ({ services: options.seen ?? both }),
    sameSpec: () => options.same ?? false,
  };
}
function context(given: Deployment, changes: Partial<TierContext> = {}): TierContext {
  return {
    deployment: given,
    base,
    commit: tested,
    plan: everything,
    standing: undefined,
    kept: undefined,
    holdMs: 30_000,
    say: () => undefined,
    ...changes,
  };
}

describe('the install step', () => {
  it('installs the base, so that there is something to upgrade', async () => {
    const given = deployment();
    expect(await install(context(given))).toEqual({ state: 'pass', reason: null, note: null, standing: up(before) });
    expect(given.done).toEqual(['up a for 5 s']);
  });

  it('installs the commit where there is no base', async () => {
    const given = deployment();
    expect(await install(context(given, { base: undefined }))).toMatchObject({ state: 'pass', standing: up(tested) });
    expect(given.done).toEqual(['up b for 30 s']);
  });

  it('installs the commit fresh where the base cannot be installed by itself', async () => {
    const given = deployment({ failing: [before] });
    expect(await install(context(given))).toMatchObject({ state: 'pass', standing: up(tested) });
    expect(given.done).toEqual(['up a for 5 s', 'down', 'up b for 30 s']);
  });

  it('blames nobody for trouble of our own while the base is installed', async () => {
    const given = deployment({ failing: [before], error: new EngineUnavailable('deploy', 'gone') });
    await expect(install(context(given))).rejects.toThrow(EngineUnavailable);
    expect(given.done).toEqual(['up a for 5 s']);
  });

  it('fails where the commit does not come up', async () => {
    await expect(install(context(deployment({ failing: [tested] }), { base: undefined }))).rejects.toThrow(crash);
  });

  it('says that the base cannot be installed either, where neither can', async () => {
    const neither = install(context(deployment({ failing: [before, tested] })));
    await expect(neither).rejects.toThrow(BrokenBefore);
    await expect(neither).rejects.toThrow('`1.0.0+1`, the version before, cannot be installed either.');
  });
});

describe('the upgrade step', () => {
  const standing = up(before);

  it('deploys the commit over the base, with the old settings', async () => {
    const given = deployment();
    expect(await upgrade(context(given, { standing }))).toEqual({
      state: 'pass',
      reason: null,
      note: 'from `1.0.0+1`',
      standing: up(asUpgrade),
    });
    expect(given.done).toEqual(['up b for 30 s at app.test']);
  });

  it('says where there is nothing to upgrade', async () => {
    expect(await upgrade(context(deployment({ same: true }), { standing }))).toMatchObject({
      state: 'pass',
      note: 'nothing to upgrade',
    });
  });

  const data = { volume: 'data', service: 'app', path: '/data' };
  const canaries = { mark: 'x', places: [data], volumes: 2 };

  it('says in how many volumes the data is still there', async () => {
    const given = deployment({ canaries, sights: [{ ...data, canary: 'x data' }] });
    expect(await upgrade(context(given, { standing }))).toMatchObject({
      note: 'from `1.0.0+1`; data still there in 1 of 2 volumes',
    });
  });

  it.each([
    [1, 'from `1.0.0+1`; its volume held nothing yet'],
    [2, 'from `1.0.0+1`; its 2 volumes held nothing yet'],
  ])('does not claim that data was kept where there was none, in %i', async (volumes, note) => {
    const given = deployment({ canaries: { mark: 'x', places: [], volumes } });
    expect(await upgrade(context(given, { standing }))).toMatchObject({ note });
  });

  it('fails where what was kept before is gone', async () => {
    const given = deployment({ canaries, sights: [{ ...data, canary: undefined }] });
    await expect(upgrade(context(given, { standing }))).rejects.toThrow(DataLost);
  });

  it('is skipped where the base could not be installed, and never red for it', async () => {
    const given = deployment();
    expect(await upgrade(context(given, { standing: up(tested) }))).toMatchObject({
      state: 'skip',
      reason: '`1.0.0+1` cannot be installed by itself',
    });
    expect(given.done).toEqual([]);
  });

  it('fails where what runs is not the commit', async () => {
    const given = deployment({ seen: [running('app'), running('db', { commit: before.commit })] });
    await expect(upgrade(context(given, { standing }))).rejects.toThrow(NotUpgraded);
  });
});

describe('the backup step', () => {
  it('saves what is up, with a canary in it', async () => {
    const canaries = { mark: 'x', places: [], volumes: 1 };
    const given = deployment({ canaries });
    expect(await backup(context(given, { standing: up(tested) }))).toEqual({
      state: 'pass',
      reason: null,
      note: '3 files saved',
      standing: up(tested),
      kept: { backup: saved, canaries },
    });
    expect(given.done).toEqual(['saved']);
  });
});

describe('the restore step', () => {
  const data = { volume: 'data', service: 'app', path: '/data' };
  const db = { volume: 'db', service: 'db', path: '/db' };
  const kept = { backup: saved, canaries: { mark: 'x', places: [data, db], volumes: 2 } };
  const of = (given: Deployment, plan = everything) =>
    restore(context(given, { standing: up(tested, page(200, 'www.app.test')), kept, plan }));

  it('installs the commit anew with the same secrets, where its people know it, and gives it back what was saved', async () => {
    const given = deployment({
      sights: [
        { ...data, canary: 'x data' },
        { ...db, canary: 'x db' },
      ],
    });
    expect(await of(given)).toMatchObject({ state: 'pass', note: 'data back in 2 of 2 volumes' });
    expect(given.done).toEqual([
      'down but for secrets',
      'up b for 5 s at www.app.test',
      'put back',
      'stays for 0 s',
      'hooks',
      'stays for 5 s',
    ]);
  });

  it('fails where a volume that was saved as a whole does not have what it had', async () => {
    const given = deployment({ sights: [{ ...data, canary: 'x data' }] });
    await expect(of(given)).rejects.toThrow('What was kept in the volume `db` before the backup is not there');
  });

  it.each([
    ['left out', { ...everything, excluded: ['db'] }, 'data back in 1 of 2 volumes'],
    [
      'saved in part',
      { ...everything, paths: { db: ['backup.sql'] } },
      'data back in 1 of 2 volumes; what was saved of `db` given back',
    ],
  ])('does not claim that a volume came back that is %s', async (_, plan, note) => {
    const given = deployment({ sights: [{ ...data, canary: 'x data' }] });
    expect(await of(given, plan)).toMatchObject({ state: 'pass', note });
  });

  it('does not claim that data came back where there was none', async () => {
    const nothing = { ...kept, canaries: { mark: 'x', places: [], volumes: 2 } };
    const result = await restore(context(deployment(), { standing: up(tested), kept: nothing }));
    expect(result).toMatchObject({ state: 'pass', note: 'its volumes held nothing yet' });
  });
});

describe('the address after an upgrade', () => {
  it.each<[title: string, before: Standing['served'], after: Standing['served'], lost: RegExp | undefined]>([
    ['stays', page(), page(), undefined],
    ['may be new', undefined, page(), undefined],
    ['may ask who you are', page(), page(401), undefined],
    ['may send you elsewhere', page(), page(302), undefined],
    ['may forbid what it forbade', page(403), page(403), undefined],
    ['is lost where nothing is published any more', page(), undefined, /^`https:\/\/app\.test\/` answered before .* nothing/],
    ['is lost where it is another one', page(), page(200, 'www.app.test'), /at `https:\/\/www\.app\.test\/` instead/],
    ['is lost where nobody is let in any more', page(), page(403), /let people in before .*HTTP 200.*HTTP 403/],
  ])('%s', (_, before, after, lost) => {
    const said = addressLost({ served: before }, { served: after });
    if (lost === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(lost);
  });

  it('is looked at by the step', async () => {
    const given = deployment({ served: undefined });
    await expect(upgrade(context(given, { standing: up(before) }))).rejects.toThrow(AddressLost);
  });

  it('that asks for a password now is worth a word', async () => {
    const given = deployment({ served: page(401) });
    expect((await upgrade(context(given, { standing: up(before) }))).note).toMatch(/password/);
  });
});

describe('what runs after an upgrade', () => {
  it.each<[title: string, seen: ObservedService[], what: string | undefined]>([
    ['is the commit', both, undefined],
    ['may include a service that the commit no longer has', [...both, running('old', { commit: before.commit })], undefined],
    ['may include a job that has ended', [running('app'), running('db', { running: 0, current: 0 })], undefined],
    ['is not the commit where a service is missing', [running('app')], 'is not there after the upgrade'],
    [
      'is not the commit after a rollback',
      [running('app', { update: 'rollback_completed' }), running('db')],
      'was taken back to the version before by Swarm',
    ],
    [
      'is not the commit after a pause',
      [running('app', { update: 'paused' }), running('db')],
      'was left half way by Swarm, which paused its update',
    ],
    [
      'is not the commit where the stamp is old',
      [running('app', { commit: before.commit }), running('db')],
      'still carries the stamp of the version before',
    ],
    [
      'is not the commit where a task is old',
      [running('app', { running: 2, current: 1 }), running('db')],
      'still has tasks of the version before',
    ],
  ])('%s', (_, services, what) => {
    expect(notUpgraded({ services }, tested)?.what).toBe(what);
  });
});
