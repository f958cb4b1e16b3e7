import type { Release } from '@cc-ci/deploy/deployer';

/** A release of two services, as far as those who decide about it look. */
export const release = (commit: string): Release => ({
  recipe: {
    name: 'hedgedoc',
    folder: '/nowhere',
    composeFiles: [],
    sources: [],
    sample: { entries: [], secretModifiers: {} },
    settings: { environment: {} },
    exports: {},
    exportsLeftOut: [],
    releaseNotes: {},
  },
  commit,
  document: { version: '3.8', services: { app: { image: 'app:1' }, db: { image: 'db:1' } } },
  environment: {},
  images: [],
  files: new Map(),
  timeoutSeconds: 0,
});
