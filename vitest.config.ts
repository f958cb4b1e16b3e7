import { defineConfig } from 'vitest/config';

const everywhere = ['packages/*/test/**', 'services/*/test/**', 'test/**'];

export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      {
        // Pure code, files, loopback: no engine, no Redis.
        extends: true,
        test: {
          name: 'unit',
          include: everywhere.map((folder) => `${folder}/*.test.ts`),
          exclude: ['**/node_modules/**', '**/*.system.test.ts'],
          // Some call git or a linter many times over; a busy machine takes its time.
          testTimeout: 30_000,
          // Importing what ninety files share once for each worker takes a third off the whole.
          isolate: false,
        },
      },
      {
        // The forge's contract on a real Gitea or Forgejo, by `npm run contract:forge`.
        extends: true,
        test: {
          name: 'contract-forge',
          include: ['packages/forge/test/*.contract.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Real Redis, engine and Swarm, started once for all of them by test/machine-for-tests.ts.
        extends: true,
        test: {
          name: 'system',
          include: everywhere.map((folder) => `${folder}/*.system.test.ts`),
          exclude: ['**/node_modules/**'],
          globalSetup: ['./test/machine-for-tests.ts'],
          fileParallelism: false,
          // A hung test must end the run within CI's limit; no test is about time.
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
