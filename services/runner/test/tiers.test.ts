import { EngineUnavailable } from '@cc-ci/deploy/errors';
import { describe, expect, it } from 'vitest';
import { AddressLost, BrokenBefore, DataLost, NotUpgraded } from '../src/tiers/failures.ts';
import { install } from '../src/tiers/install.ts';
import { upgrade } from '../src/tiers/upgrade.ts';

import { asUpgrade, before, context, crash, deployment, page, running, tested, up } from './tier-stand.ts';

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

  it('fails where a database is empty after it, though its volume has all its files', async () => {
    const sights = [{ ...data, canary: 'x data' }];
    const given = deployment({ canaries, sights, databases: ['db'], emptied: ['db'] });
    await expect(upgrade(context(given, { standing }))).rejects.toThrow('What was in the database of `db` before the upgrade');
    const kept = deployment({ canaries, sights, databases: ['db'] });
    expect(await upgrade(context(kept, { standing }))).toMatchObject({
      note: 'from `1.0.0+1`; data still there in 1 of 2 volumes and in 1 database',
    });
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

  it('looks at the address', async () => {
    const given = deployment({ served: undefined });
    await expect(upgrade(context(given, { standing: up(before) }))).rejects.toThrow(AddressLost);
  });

  it('says where the address asks for a password now', async () => {
    const given = deployment({ served: page(401) });
    expect((await upgrade(context(given, { standing: up(before) }))).note).toMatch(/password/);
  });
});
