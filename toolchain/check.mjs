// `npm run check`: everything about the code that can be said without running it. All parts run, then it fails once.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', name);
const checks = [
  ['format, lint and import boundaries', [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', root]],
  ['types', [bin('typescript/bin/tsc'), '--project', root]],
  ['unused files, exports and dependencies', [bin('knip/bin/knip.js'), '--directory', root, '--no-progress']],
  // Its reporter is named, so that the line that CI reads stays the one of the tests.
  [
    'NixOS modules, evaluated by Nix',
    [bin('vitest/vitest.mjs'), 'run', '--root', root, '--project', 'unit', '--reporter', 'default', 'test/nix'],
  ],
];

function run([what, args]) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (data) => (said += data));
    child.stderr.on('data', (data) => (said += data));
    child.on('exit', (code) => done({ what, said, passed: code === 0 }));
  });
}

const results = await Promise.all(checks.map(run));
for (const { what, said, passed } of results) {
  if (!passed) process.stdout.write(`${said.trim()}\n`);
  process.stdout.write(`${passed ? '✔' : '✘'} ${what}\n`);
}
process.exit(results.every(({ passed }) => passed) ? 0 : 1);
