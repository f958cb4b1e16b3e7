import { describe, expect, it } from 'vitest';
import { type BackupPlan, backupOf, isWhole } from '../src/backup.ts';
import { parseDocument } from '../src/document.ts';

/** A document of which each service is given by its keys beside the image, as JSON. */
const document = (services: Record<string, object>) =>
  parseDocument(
    JSON.stringify({
      version: '3.8',
      services: Object.fromEntries(Object.entries(services).map(([name, keys]) => [name, { image: 'web', ...keys }])),
    }),
  );
const volumes = [{ type: 'volume', source: 'data', target: '/data' }];
const labelled = (labels: Record<string, string>) => ({ volumes, deploy: { labels } });
const planOf = (services: Record<string, object>): BackupPlan => {
  const plan = backupOf(document(services));
  if ('reason' in plan) throw new Error(plan.reason);
  return plan;
};

describe('what a recipe wants to be backed up', () => {
  it('is every volume, where it says nothing else', () => {
    expect(planOf({ app: labelled({ 'backupbot.backup': 'true' }) })).toEqual({
      beforeBackup: [],
      afterBackup: [],
      beforeRestore: [],
      afterRestore: [],
      excluded: [],
      paths: {},
    });
  });

  it('is for the whole stack, whichever services say it', () => {
    const app = labelled({ 'backupbot.backup': 'True', 'backupbot.backup.volumes.cache': 'false' });
    const db = labelled({
      'backupbot.backup': 'true',
      'backupbot.backup.pre-hook': '/pg_backup.sh backup',
      'backupbot.restore.post-hook': '/pg_backup.sh restore',
      'backupbot.backup.volumes.postgres.path': 'backup.sql, /dumps/roles.sql',
    });
    expect(planOf({ app, db })).toEqual({
      beforeBackup: [{ service: 'db', command: '/pg_backup.sh backup' }],
      afterBackup: [],
      beforeRestore: [],
      afterRestore: [{ service: 'db', command: '/pg_backup.sh restore' }],
      excluded: ['cache'],
      paths: { postgres: ['backup.sql', 'dumps/roles.sql'] },
    });
  });

  it.each([
    ['the whole of', 'uploads', true],
    ['only paths of', 'postgres', false],
    ['nothing of', 'cache', false],
  ])('is %s %s', (_, volume, whole) => {
    const plan = planOf({
      app: labelled({
        'backupbot.backup': 'true',
        'backupbot.backup.volumes.cache': 'false',
        'backupbot.backup.volumes.postgres.path': 'backup.sql',
      }),
    });
    expect(isWhole(plan, volume)).toBe(whole);
  });

  it.each<[string, object, string, boolean]>([
    ['keeps nothing', {}, 'it keeps nothing in volumes', true],
    ['has volumes that nobody named alone', { volumes: [{ type: 'volume', target: '/x' }] }, 'it keeps nothing in volumes', true],
    [
      'says nothing of backups',
      { volumes },
      'it keeps data in volumes, and no service has the label `backupbot.backup=true`',
      false,
    ],
    [
      'has its labels where nothing reads them',
      { volumes, labels: { 'backupbot.backup': 'true' } },
      'the backup labels of `app` stand under `labels`, where nothing reads them: they belong under `deploy.labels`',
      false,
    ],
    [
      'switches backups off',
      labelled({ 'backupbot.backup': 'false' }),
      'its label `backupbot.backup` does not say `true`',
      false,
    ],
    ['has an empty switch', labelled({ 'backupbot.backup': '' }), 'its label `backupbot.backup` does not say `true`', false],
  ])('is nothing where it %s', (_, app, reason, intended) => {
    expect(backupOf(document({ app }))).toEqual({ reason, intended });
  });
});
