// `npm run abra`: brings the real abra where a Go toolchain is at hand, and holds the abra driver to its contract with it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Where packages/deploy/test/abra looks for it. */
const folder = join(root, '.cache/abra');
const MODULE = 'coopcloud.tech/abra/cmd/abra@latest';

const abra = join(folder, 'abra');
if (!existsSync(abra)) {
  mkdirSync(folder, { recursive: true });
  const { PATH = '', HOME = '' } = process.env;
  const go = spawnSync('go', ['install', MODULE], { env: { PATH, HOME, GOBIN: folder }, encoding: 'utf8' });
  if (go.error) stop(`There is no Go toolchain on PATH, and abra is built with one: ${go.error.message}`);
  if (go.status !== 0) stop(`\`go install ${MODULE}\` ended with ${go.status}:\n${go.stderr.trim()}`);
}
process.stdout.write(`${spawnSync(abra, ['--version'], { encoding: 'utf8' }).stdout}`);
const vitest = [
  join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--root',
  root,
  '--project',
  'system',
  'packages/deploy/test/abra',
];
process.exitCode = spawnSync(process.execPath, vitest, { stdio: 'inherit' }).status ?? 1;

function stop(why) {
  process.stderr.write(`abra could not be had. ${why}\n`);
  process.exit(1);
}
