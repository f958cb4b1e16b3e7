import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Executed, MountedVolume, Saved, VolumePart } from '@cc-ci/deploy/deployer';
import type { BackupPlan } from '@cc-ci/recipes/backup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBackups } from '../src/backups.ts';
import { app, everything } from './example-app.ts';

const data = { volume: 'data', service: 'app', path: '/data' };
const db = { volume: 'db', service: 'db', path: '/var/lib/db' };
const ok: Executed = { exitCode: 0, lines: ['done'] };
const hook = (command: string) => [{ service: 'db', command }];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ccci-backups-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The backups of an app in which it happens as told; `done` has what was asked for, in order. */
function backups(
  given: {
    mounted?: readonly MountedVolume[];
    saved?: (part: VolumePart) => Saved | undefined;
    ended?: Executed | undefined;
    writable?: (part: VolumePart) => boolean;
  } = {},
) {
  const done: string[] = [];
  const said: string[] = [];
  const named = ({ place, path }: VolumePart): string => `${place.volume}${path === '' ? '' : `/${path}`} of ${place.service}`;
  const deployer = {
    volumes: async () => [...(given.mounted ?? [data, db])],
    async save(_: unknown, part: VolumePart) {
      done.push(`saves ${named(part)}`);
      return given.saved ? given.saved(part) : { files: 2, bytes: 10 };
    },
    async giveBack(_: unknown, part: VolumePart) {
      done.push(`gives back ${named(part)}`);
      return given.writable?.(part) ?? true;
    },
    async restart(_: unknown, services: readonly string[]) {
      done.push(`restarts ${services.join(' and ') || 'nothing'}`);
    },
    async exec(_: unknown, service: string, command: string) {
      done.push(`runs ${command} in ${service}`);
      return 'ended' in given ? given.ended : ok;
    },
  };
  const journal = { now: () => undefined, say: (text: string, from = '') => void said.push(`${from}: ${text}`) };
  const signal = AbortSignal.timeout(60_000);
  return { done, said, ...openBackups({ app, deployer, journal, folder: join(folder, 'backup'), signal }) };
}

describe('a backup', () => {
  it('saves every volume, between the hooks, and counts what it saved', async () => {
    const opened = backups();
    const plan = { ...everything, beforeBackup: hook('dump'), afterBackup: hook('tidy') };
    expect(await opened.backUp(plan)).toMatchObject({ files: 4, bytes: 20 });
    expect(opened.done).toEqual(['runs dump in db', 'saves data of app', 'saves db of db', 'runs tidy in db']);
    expect(opened.said).toEqual(['db: done', 'db: done']);
  });

  it('saves only what the labels name, once of a volume that two services have', async () => {
    const opened = backups({ mounted: [data, { ...data, service: 'worker' }, db] });
    await opened.backUp({ ...everything, excluded: ['data'], paths: { db: ['dump.sql', 'roles/all.sql'] } });
    expect(opened.done).toEqual(['saves db/dump.sql of db', 'saves db/roles/all.sql of db']);
  });

  it.each<[string, Parameters<typeof backups>[0], Partial<BackupPlan>, string]>([
    [
      'its hook fails',
      { ended: { exitCode: 2, lines: ['no'] } },
      { beforeBackup: hook('dump') },
      'The hook `backupbot.backup.pre-hook` of `db` failed (code 2).',
    ],
    [
      'no container is up to run its hook',
      { ended: undefined },
      { afterBackup: hook('tidy') },
      'The hook `backupbot.backup.post-hook` of `db` could not run, since no container of it is up.',
    ],
    [
      'the dump is not in the volume',
      { saved: () => undefined },
      { excluded: ['data'], paths: { db: ['dump.sql'] } },
      'The backup is to hold `dump.sql` of the volume `db`, which is not there: it was not written, or not into the volume.',
    ],
    [
      'the service that has the volume is gone',
      { saved: () => undefined },
      {},
      'The volume `data` cannot be saved, since no container that has it is up.',
    ],
    [
      'the dump is empty',
      { saved: () => ({ files: 1, bytes: 0 }) },
      { excluded: ['data'], paths: { db: ['dump.sql'] } },
      'The backup is to hold `dump.sql` of the volume `db`, and there is not a byte in it.',
    ],
    [
      'it names a volume that is not there',
      {},
      { paths: { files: ['dump.sql'] } },
      'The backup is to hold something of the volume `files`, and no service that is up has such a volume.',
    ],
    [
      'it leaves out every volume',
      {},
      { excluded: ['data', 'db'] },
      'The backup holds nothing: its labels leave out every volume.',
    ],
    [
      'it leads out of the volume',
      {},
      { paths: { db: ['dumps/../../etc/shadow'] } },
      'The backup is to hold `../etc/shadow`, which leads out of the volume `db`.',
    ],
  ])('is red where %s', async (_, given, plan, sentence) => {
    await expect(backups(given).backUp({ ...everything, ...plan })).rejects.toThrow(sentence);
  });

  it('is given back between the hooks, into the volumes as they are mounted then', async () => {
    const made = await backups().backUp(everything);
    const opened = backups({ mounted: [{ ...data, service: 'web' }, db] });
    const plan = { ...everything, beforeRestore: hook('stop'), afterRestore: hook('load') };
    await opened.putBack(plan, made);
    await opened.afterPutBack(plan);
    expect(opened.done).toEqual([
      'runs stop in db',
      'gives back data of web',
      'gives back db of db',
      'restarts web and db',
      'runs load in db',
    ]);
  });

  it('leaves a service alone that is given back a dump', async () => {
    const plan = { ...everything, excluded: ['data'], paths: { db: ['dump.sql'] } };
    const opened = backups();
    await opened.putBack(plan, await backups().backUp(plan));
    expect(opened.done).toEqual(['gives back db/dump.sql of db', 'restarts nothing']);
  });

  it('is given back by a service that may write', async () => {
    const made = await backups({ mounted: [data] }).backUp(everything);
    const reader = { ...data, service: 'a-reader' };
    const opened = backups({ mounted: [reader, data], writable: ({ place }) => place.service === 'app' });
    await opened.putBack(everything, made);
    expect(opened.done).toEqual(['gives back data of a-reader', 'gives back data of app', 'restarts a-reader and app']);
  });

  it.each([
    ['it cannot be written', { writable: () => false }],
    ['its volume is not there any more', { mounted: [] }],
  ])('is red where %s when it is given back', async (_, given) => {
    const made = await backups({ mounted: [data] }).backUp(everything);
    await expect(backups(given).putBack(everything, made)).rejects.toThrow(
      'What was saved of the volume `data` cannot be written back into it.',
    );
  });
});
