import type { App } from '@cc-ci/deploy/deployer';
import type { BackupPlan } from '@cc-ci/recipes/backup';

export const app: App = {
  stack: 'prob-8f3a2c',
  domain: 'prob.test',
  owner: { instance: 'test', host: 'here', run: '8f3a2c', attempt: 1 },
};

/** Of an app whose labels say nothing but that it is to be backed up. */
export const everything: BackupPlan = {
  beforeBackup: [],
  afterBackup: [],
  beforeRestore: [],
  afterRestore: [],
  excluded: [],
  paths: {},
};
