// Brings Node 24 and pnpm into the cache folder, installs the workspace, then hands over to one command.
// Built-in modules only: this file runs on the Node (>= 18) that the machine happens to have.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const toolchain = dirname(fileURLToPath(import.meta.url));
const root = dirname(toolchain);
const cache = resolve(process.env.CACHE ?? join(root, '.cache'));
/** sysexits.h EX_CONFIG: the machine cannot run this, and says what to do. */
const EX_CONFIG = 78;

const ccci = join(root, 'packages/cli/src/main.ts');
const commands = {
  demo: [ccci, 'demo'],
  ccci: [ccci],
  clean: [ccci, 'clean'],
  check: [join(root, 'toolchain/check.mjs')],
  test: [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root, '--project', '!contract-forge'],
  'contract:forge': [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root, '--project', 'contract-forge'],
  bench: [join(root, 'test/bench/main.ts')],
  scenarios: [join(root, 'test/scenarios/main.ts')],
  faults: [join(root, 'test/faults/main.ts')],
  soak: [join(root, 'test/soak/main.ts')],
  abra: [join(root, 'toolchain/abra.mjs')],
  node: [],
};

const [name, ...rest] = process.argv.slice(2);
const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
if (!command) stop(`Unknown command ${name ?? '(none)'}. Known: ${Object.keys(commands).join(', ')}.`, 64);
if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch))
  stop(`cc-ci runs on Linux on x64 or arm64; this is ${process.platform} on ${process.arch}. Use a Debian machine.`, EX_CONFIG);

const tools = bringToolchain();
const env = environment(tools);
installWorkspace(tools, env);
handOver(tools, env, [...command, ...rest]);

function hash(...texts) {
  return createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 16);
}

/** Node and pnpm as the lockfile beside this file names them, in a folder named after that lockfile. */
function bringToolchain() {
  const manifests = ['package.json', 'package-lock.json'];
  const folder = join(cache, `toolchain-${hash(...manifests.map((f) => readFileSync(join(toolchain, f), 'utf8')))}`);
  const found = {
    node: join(folder, `node_modules/node-linux-${process.arch}/bin/node`),
    pnpm: join(folder, 'node_modules/pnpm/bin/pnpm.mjs'),
  };
  if (existsSync(folder)) return found;
  const started = Date.now();
  removePartial();
  // Installed beside its final name and renamed, so that an interrupted install is never taken for a whole one.
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  for (const file of manifests) copyFileSync(join(toolchain, file), join(partial, file));
  quietly(
    'npm ci',
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--cache', join(cache, 'npm')],
    partial,
    bareEnvironment(),
  );
  try {
    renameSync(partial, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(partial, { recursive: true, force: true });
  }
  note(`Node 24 and pnpm are ready (${seconds(started)})`);
  return found;
}

/** What installs that were interrupted have left: each is named after a process that is gone. */
function removePartial() {
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const pid = /^toolchain-[0-9a-f]+\.(\d+)$/.exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

/** The caller's environment without what npm adds to it for its own scripts. */
function bareEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.toLowerCase().startsWith('npm_')));
}

function environment({ node }) {
  return {
    ...bareEnvironment(),
    PATH: `${dirname(node)}:${process.env.PATH ?? '/usr/bin:/bin'}`,
    CACHE: cache,
    NODE_COMPILE_CACHE: join(cache, 'compile'),
  };
}

/** Installs what the lockfile says, once for each lockfile, workspace file and Node. */
function installWorkspace({ node, pnpm }, childEnv) {
  const stamp = join(root, 'node_modules/.cc-ci-installed');
  const lock = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
  const wanted = hash(lock, readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'), node);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const started = Date.now();
  const pnpmSettings = [
    '--store-dir',
    join(cache, 'pnpm-store'),
    `--config.cache-dir=${join(cache, 'pnpm')}`,
    `--config.state-dir=${join(cache, 'pnpm')}`,
  ];
  // What is interrupted from here on is neither the old state nor the new one.
  rmSync(stamp, { force: true });
  // Two commands that are started at once must not install over each other; the second finds everything done.
  const install = [pnpm, 'install', '--frozen-lockfile', '--config.confirm-modules-purge=false', ...pnpmSettings];
  quietly('pnpm install', 'flock', [join(cache, 'install.lock'), node, ...install], root, childEnv);
  writeFileSync(stamp, wanted);
  note(`the workspace's packages are installed (${seconds(started)})`);
}

/** Runs the command in the foreground, passes signals on, and ends as it ended. */
function handOver({ node }, childEnv, args) {
  const child = spawn(node, args, { stdio: 'inherit', env: childEnv });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => stop(`Could not start ${node}: ${error.message}`, 70));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function quietly(what, file, args, cwd, childEnv) {
  const done = spawnSync(file, args, { cwd, env: childEnv, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (done.status === 0) return;
  const said = `${done.stdout ?? ''}${done.stderr ?? ''}`.trim().split('\n').slice(-20).join('\n');
  stop(`${what} failed in ${cwd}. Is the package registry reachable? It said:\n${said || done.error?.message}`, 69);
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function note(text) {
  process.stderr.write(`cc-ci: ${text}\n`);
}

function stop(sentence, code) {
  note(sentence);
  process.exit(code);
}
