// The configuration of tests of recipes: what they write goes to memory, and `ccci` is the app and its door.
export default {
  cacheDir: '/tmp/vitest',
  resolve: { alias: { ccci: '/ccci/door.ts' } },
  server: { fs: { strict: false } },
  test: { include: ['**/*.test.?(c|m)[jt]s?(x)'], pool: 'threads', maxWorkers: 1, watch: false },
};
