import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSwarmDeployer } from '@cc-ci/deploy/swarm';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { page } from './recipes/page.ts';

const main = fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url));
let folder: string;
let recipe: string;

beforeEach(async () => {
  const { proxy, dockerCli } = inject('machine');
  folder = await mkdtemp(join(tmpdir(), 'ccci-run-'));
  recipe = join(folder, 'notes');
  const settings = {
    instance: 'elsewhere',
    forge: { url: 'http://forge.test' },
    enrol: { owners: ['coop'] },
    deploy: {
      driver: 'swarm',
      apps_domain: 'apps.test',
      proxy_address: proxy.address,
      proxy_port: proxy.port,
      ca_file: proxy.caFile,
      network: proxy.network,
      docker_cli: dockerCli,
      minimum_free_disk_gb: 0.5,
    },
    timeouts: { hold_seconds: 3, converge_minutes: 1, http_seconds: 15, cleanup_minutes: 1 },
    runner: { lease_seconds: 3, reap_seconds: 1 },
    tests: { source: '/nowhere' },
    dashboard: { public_url: 'http://ci.test' },
  };
  await writeFile(join(folder, 'cc-ci.yml'), JSON.stringify(settings));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const git = (...args: string[]) =>
  execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.test', ...args], {
    cwd: recipe,
    env: { GIT_CONFIG_GLOBAL: '/dev/null' },
  });

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(recipe, name)), { recursive: true });
    await writeFile(join(recipe, name), text);
  }
}

/** A checkout with a release, tagged unless told otherwise. */
async function released(tag: boolean): Promise<void> {
  await mkdir(recipe);
  await write(page({ version: '1.0.0+1.25.3', image: 'nginx:1.25.3' }));
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'A release');
  if (tag) await git('tag', '--annotate', '--message', 'first', '1.0.0+1.25.3');
}

/** `ccci run` as a maintainer starts it. */
function ccci(...args: string[]) {
  const { redisUrl, dockerHost } = inject('machine');
  const env = { REDIS_URL: redisUrl, DOCKER_HOST: dockerHost, CCCI_SETTINGS: join(folder, 'cc-ci.yml'), PATH: '/usr/bin:/bin' };
  return execa(process.execPath, [main, 'run', ...args], { env, extendEnv: false, reject: false, stdin: 'ignore' });
}

/** Everything of `ccci run` on the machine. */
function onHost() {
  const { dockerCli, dockerHost, proxy } = inject('machine');
  return openSwarmDeployer({ dockerCli, dockerHost, network: proxy.network, scratch: join(folder, 'look') }).owned(
    'local',
    'local',
  );
}

describe('ccci run', () => {
  it('tests a folder as it is, also what is not committed, and leaves folder and host as they were', async () => {
    await released(true);
    await write(page({ version: '1.1.0+1.27.0', image: 'nginx:1.27.0' }));
    const before = await git('status', '--porcelain');
    const { stdout, stderr, exitCode } = await ccci(recipe);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Testing [0-9a-f]{8}\+U of notes\.$/m);
    expect(stdout).toMatch(/^✔ upgrade .*: from `1\.0\.0\+1\.25\.3`/m);
    expect(stdout).toMatch(/Passed.*: [0-9a-f]{8}\+U of notes, level \d of 5\.\nLeft behind: nothing \(\d+ things removed\)\.$/);
    expect(exitCode).toBe(0);
    expect((await git('status', '--porcelain')).stdout).toBe(before.stdout);
    expect(await onHost()).toEqual([]);
  });

  it('says what is red, where and what to do, by its exit code too', async () => {
    await released(false);
    await write(page({ version: '1.0.0+1.25.3', image: 'nginx:0.0.1-never' }));
    const { stdout, exitCode } = await ccci(recipe, '--stages', 'install');
    expect(stdout).toMatch(/^The checkout has no release tags, .*`git fetch --tags`\.$/m);
    expect(stdout).toMatch(/^✘ Failed at install: .*\nThere is no image `nginx:0\.0\.1-never` .*\nNext: Correct the name/m);
    expect(exitCode).toBe(1);
  });

  it('prints results as tools read them, and nothing else', async () => {
    await released(true);
    const { stdout, exitCode } = await ccci(recipe, '--stages', 'lint', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ schema: 2, recipe: 'notes', verdict: 'passed', cleanup: { state: 'proven' } });
    expect(exitCode).toBe(0);
  });

  it('cleans up when it is stopped', async () => {
    await released(true);
    const running = ccci(recipe, '--verbose');
    await new Promise<void>((resolve) => {
      running.stdout?.on('data', (chunk: Buffer) => chunk.includes('Installing') && resolve());
    });
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    expect(await onHost()).toEqual([]);
  });

  it('lets no second one begin meanwhile', async () => {
    await released(true);
    const first = ccci(recipe);
    await new Promise<void>((resolve) => {
      first.stdout?.once('data', () => resolve());
    });
    const { stderr, exitCode } = await ccci(recipe);
    expect(stderr).toMatch(/^Another `ccci run` is going on this host/);
    expect(exitCode).toBe(69);
    first.kill('SIGINT');
    await first;
  });

  it.each([
    ['a folder that is no checkout', ['./nowhere-at-all'], /nowhere-at-all/],
    ['a name that can be none', ['no such thing'], /`no such thing` names nothing that can be tested/],
    ['a step that there is not', ['./x', '--stages', 'instal'], /There is no step `instal`; did you mean `install`\?/],
  ])('says what is wrong with %s', async (_, args, said) => {
    const { stderr, exitCode } = await ccci(...args);
    expect(stderr).toMatch(said);
    expect(exitCode).not.toBe(0);
  });
});
