import { describe, expect, it } from 'vitest';
import type { Deployment } from '../src/deployment.ts';
import { backup } from '../src/tiers/backup.ts';
import { restore } from '../src/tiers/restore.ts';
import { everything } from './example-app.ts';

import { context, deployment, page, saved, tested, up } from './tier-stand.ts';

describe('the backup step', () => {
  it('saves what is up, with a canary in it', async () => {
    const canaries = { mark: 'x', places: [], volumes: 1 };
    const given = deployment({ canaries });
    expect(await backup(context(given, { standing: up(tested) }))).toEqual({
      state: 'pass',
      reason: null,
      note: '3 files saved',
      standing: up(tested),
      kept: { backup: saved, canaries, databases: { mark: 'x', services: [] } },
    });
    expect(given.done).toEqual(['saved']);
  });
});

describe('the backup step where cc-ci has a check of its own', () => {
  const verdicts = (...states: ('pass' | 'fail')[]) => {
    const left = [...states];
    return async () => [{ name: 'backup_verify', state: left.shift() ?? 'pass', said: 'no tables' } as const];
  };

  it('is made again until what was saved is whole', async () => {
    const given = deployment();
    const verifyBackup = verdicts('fail', 'fail', 'pass');
    expect(await backup(context(given, { standing: up(tested), verifyBackup }))).toMatchObject({ state: 'pass' });
    expect(given.done).toEqual(['saved', 'saved', 'saved']);
  });

  it('is red where it is never whole', async () => {
    const verifyBackup = verdicts('fail', 'fail', 'fail');
    await expect(backup(context(deployment(), { standing: up(tested), verifyBackup }))).rejects.toThrow('`backup_verify`');
  });
});

describe('the restore step', () => {
  const data = { volume: 'data', service: 'app', path: '/data' };
  const db = { volume: 'db', service: 'db', path: '/db' };
  const databases = { mark: 'x', services: ['db'] };
  const kept = { backup: saved, canaries: { mark: 'x', places: [data, db], volumes: 2 }, databases };
  const of = (given: Deployment, plan = everything) =>
    restore(context(given, { standing: up(tested, page(200, 'www.app.test')), kept, plan }));

  it('installs the commit anew with the same secrets, where its people know it, and gives it back what was saved', async () => {
    const given = deployment({
      sights: [
        { ...data, canary: 'x data' },
        { ...db, canary: 'x db' },
      ],
    });
    expect(await of(given)).toMatchObject({ state: 'pass', note: 'data back in 2 of 2 volumes and in 1 database' });
    expect(given.done).toEqual([
      'down but for secrets',
      'up b for 5 s at www.app.test',
      'put back',
      'stays for 0 s',
      'hooks',
      'stays for 5 s',
    ]);
  });

  it('is not made where there is no backup', async () => {
    const given = deployment();
    const result = await restore(context(given, { standing: up(tested) }));
    expect(result).toMatchObject({ state: 'unver', reason: 'there is no backup to give back', standing: up(tested) });
    expect(given.done).toEqual([]);
  });

  it('fails where a volume that was saved as a whole does not have what it had', async () => {
    const given = deployment({ sights: [{ ...data, canary: 'x data' }] });
    await expect(of(given)).rejects.toThrow('What was kept in the volume `db` before the backup is not there');
  });

  it('fails where a database does not have what it had, whatever of its volume was saved', async () => {
    const given = deployment({ sights: [{ ...data, canary: 'x data' }], emptied: ['db'] });
    await expect(of(given, { ...everything, paths: { db: ['backup.sql'] } })).rejects.toThrow(
      'What was in the database of `db` before the backup is not there',
    );
  });

  it('fails for a database whose volume is left out, unless a dump of it is elsewhere', async () => {
    const sights = [{ ...data, canary: 'x data' }];
    const left = { ...everything, excluded: ['db'] };
    await expect(of(deployment({ sights, emptied: ['db'] }), left)).rejects.toThrow('it is not in what was saved');
    expect(await of(deployment({ sights }), left)).toMatchObject({ state: 'pass' });
  });

  it.each([
    ['left out', { ...everything, excluded: ['db'] }, 'data back in 1 of 2 volumes and in 1 database'],
    [
      'saved in part',
      { ...everything, paths: { db: ['backup.sql'] } },
      'data back in 1 of 2 volumes and in 1 database; what was saved of `db` given back',
    ],
  ])('does not claim that a volume came back that is %s', async (_, plan, note) => {
    const given = deployment({ sights: [{ ...data, canary: 'x data' }] });
    expect(await of(given, plan)).toMatchObject({ state: 'pass', note });
  });

  it('does not claim that data came back where there was none', async () => {
    const nothing = { ...kept, canaries: { mark: 'x', places: [], volumes: 2 }, databases: { mark: 'x', services: [] } };
    const result = await restore(context(deployment(), { standing: up(tested), kept: nothing }));
    expect(result).toMatchObject({ state: 'pass', note: 'its volumes held nothing yet' });
  });
});
