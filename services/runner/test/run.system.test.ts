import type { RunRecord } from '@cc-ci/shared/contract/run';
import { openLedger } from '@cc-ci/shared/runs/ledger';
import { isSettled } from '@cc-ci/shared/runs/next';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Bench, isInstalling, openBench, recipe, slow, stepOf } from './bench.ts';
import { type GitServer, startGitServer } from './git-server.ts';

/** Waiting is most of a run: several at a time fit on two cores. */
const AT_A_TIME = 4;

const stepsOf = ({ steps }: RunRecord): string[] => steps.map(({ tier, state }) => `${tier} ${state}`);

/** A release on main, tagged. */
async function released(server: GitServer, files = recipe(), version = '1.0.0+1.25.3'): Promise<string> {
  const commit = await server.commit('main', files);
  await server.tag(version, commit);
  return commit;
}
const newer = recipe({ version: '1.1.0+1.27.0', image: 'nginx:1.27.0' });

/** A second service that keeps the word that it was first started with in this volume, for the end of a recipe. */
const keeper = (volume: string, labels: Record<string, string> = {}): string => `  keeper:
    image: busybox:1.36.1
    command: ["sh", "-c", "trap 'exit 0' TERM; test -e /data/word || date +%s%N > /data/word; while :; do sleep 1 & wait $$!; done"]
    stop_grace_period: 1s
    volumes: ["${volume}:/data"]
    deploy: { labels: ${JSON.stringify(labels)} }
volumes: { ${volume}: {} }
`;
/** Everything is backed up. */
const backedUp = { 'backupbot.backup': 'true' };
/** A dump is backed up, which a hook has to make, and another one to bring in again. */
const dumped = {
  ...backedUp,
  'backupbot.backup.pre-hook': 'cp /data/word /data/dump',
  'backupbot.backup.volumes.data.path': 'dump',
  'backupbot.restore.post-hook': 'cmp /data/dump /data/word && exit 9; cp /data/dump /data/word',
};

async function expectNothingOf({ attempts }: RunRecord, bench: Bench): Promise<void> {
  const own = attempts.map(({ stack }) => stack);
  const { stacks, checkouts } = await bench.onHost();
  expect([...stacks.map(({ stack }) => stack), ...checkouts].filter((stack) => own.includes(stack))).toEqual([]);
}

describe.concurrent('a run', () => {
  let bench: Bench;
  let runner: AsyncDisposable;
  beforeAll(async () => {
    bench = await openBench();
    runner = await bench.startRunner({ capacity: AT_A_TIME });
  });
  afterAll(async () => {
    await runner[Symbol.asyncDispose]();
    await bench[Symbol.asyncDispose]();
  });

  const ledger = () => openLedger(bench.redis, bench.options.settings.instance, bench.options.host);

  async function settled(server: GitServer, commit: string): Promise<RunRecord> {
    const { id } = await bench.ask(server, commit);
    return bench.until(id, 'the run is settled', isSettled);
  }

  it('is green when the release installs and the commit upgrades it, and leaves nothing', async () => {
    await using server = await startGitServer();
    const base = await released(server);
    const commit = await server.commit('change', newer, base);
    const run = await settled(server, commit);
    expect(run).toMatchObject({
      verdict: 'passed',
      level: 5,
      cause: null,
      standIns: true,
      base: { version: '1.0.0+1.25.3', commit: base },
      steps: [
        { tier: 'lint', state: 'pass', note: '2 warnings' },
        { tier: 'install', state: 'pass' },
        { tier: 'upgrade', state: 'pass', note: 'from `1.0.0+1.25.3`' },
        { tier: 'backup', state: 'skip', reason: 'it keeps nothing in volumes', intended: true },
        { tier: 'restore', state: 'skip' },
        { tier: 'custom', state: 'skip', reason: 'cc-ci has no tests of its own for it', intended: false },
      ],
      attempts: [{ number: 1, cleanup: { state: 'proven', left: [], removed: { services: 1 } } }],
    });
    expect(run.resources?.imageBytes).toBeGreaterThan(0);
    expect(run.resources?.startMs).toBeGreaterThan(0);
    await expectNothingOf(run, bench);

    const story = await bench.story(run.id);
    const sentences = [
      `cc-ci: Fetching probe at \`${commit.slice(0, 8)}\`.`,
      'install: Installing `1.0.0+1.25.3`, which the upgrade will start from.',
      'install: Step install passed.',
      'upgrade: Upgrading `1.0.0+1.25.3` in place to the commit.',
      'upgrade: Step upgrade passed.',
      'cc-ci: The run ended: passed.',
      'cc-ci: Nothing is left behind.',
    ];
    const places = sentences.map((sentence) => story.indexOf(sentence));
    expect(places, story).not.toContain(-1);
    expect(places, story).toEqual(places.toSorted((a, b) => a - b));
  });

  it('has its verdict before the clean-up begins', async () => {
    await using server = await startGitServer();
    const { id } = await bench.ask(server, await server.commit('main', recipe()));
    const published = await bench.until(id, 'there is a verdict', ({ verdict }) => verdict !== null);
    expect(published.attempts[0]?.cleanup.state).toBe('pending');
    expect((await bench.onHost()).stacks.map(({ stack }) => stack)).toContain(published.attempts[0]?.stack);
    await bench.until(id, 'the run is settled', isSettled);
  });

  it('says that there is nothing to upgrade where only the README changed', async () => {
    await using server = await startGitServer();
    const commit = await server.commit('change', { 'README.md': '# probe\n' }, await released(server));
    const run = await settled(server, commit);
    expect(run).toMatchObject({ verdict: 'passed', level: 5, amber: true });
    expect(stepOf(run, 'upgrade')).toMatchObject({ state: 'pass', note: 'nothing to upgrade' });
  });

  it('says that what was kept before an upgrade is still there after it', async () => {
    await using server = await startGitServer();
    const base = await released(server, recipe({ more: keeper('data') }));
    const commit = recipe({ version: '1.1.0+1.27.0', image: 'nginx:1.27.0', more: keeper('data') });
    const run = await settled(server, await server.commit('change', commit, base));
    expect(stepOf(run, 'upgrade')).toMatchObject({
      state: 'pass',
      note: 'from `1.0.0+1.25.3`; data still there in 1 of 1 volume',
    });
  });

  it('is red where an upgrade answers, and what was kept before it is left behind', async () => {
    await using server = await startGitServer();
    const base = await released(server, recipe({ more: keeper('data') }));
    const commit = recipe({ version: '1.1.0+1.27.0', image: 'nginx:1.27.0', more: keeper('files') });
    const run = await settled(server, await server.commit('change', commit, base));
    expect(run).toMatchObject({ verdict: 'failed', level: 1, cause: { fault: 'app', tier: 'upgrade' } });
    expect(run.cause?.sentence).toBe(
      '`keeper` has the volume `files` at `/data` after the upgrade, and had `data` there: what it kept is not there any more.',
    );
    expect(run.cause?.remedy).toContain('ask an operator to allow `data:data` for this recipe');
    await expectNothingOf(run, bench);
  });

  it('gives a recipe its data back, all of it or by the ways of its own hooks', async () => {
    await using server = await startGitServer();
    const whole = await settled(server, await server.commit('main', recipe({ more: keeper('data', backedUp) })));
    expect(whole).toMatchObject({ verdict: 'passed', level: 5 });
    expect(whole.steps.slice(3, 5)).toMatchObject([
      { tier: 'backup', state: 'pass', note: '2 files saved' },
      { tier: 'restore', state: 'pass', note: 'data back in 1 of 1 volume' },
    ]);
    const byHooks = await settled(server, await server.commit('main', recipe({ more: keeper('data', dumped) })));
    expect(byHooks.steps.slice(3, 5)).toMatchObject([
      { tier: 'backup', state: 'pass', note: '1 file saved' },
      { tier: 'restore', state: 'pass', note: 'what was saved of `data` given back' },
    ]);
    await expectNothingOf(byHooks, bench);
  });

  it.each([
    [
      'a dump is written out of the volume',
      { ...dumped, 'backupbot.backup.pre-hook': 'cp /data/word /tmp/dump' },
      'backup',
      'The backup is to hold `dump` of the volume `data`, which is not there: it was not written, or not into the volume.',
    ],
    [
      'a dump is empty',
      { ...dumped, 'backupbot.backup.pre-hook': ': > /data/dump' },
      'backup',
      'The backup is to hold `dump` of the volume `data`, and there is not a byte in it.',
    ],
    [
      'the data cannot be brought in again',
      { ...dumped, 'backupbot.restore.post-hook': 'echo no such table >&2; exit 3' },
      'restore',
      'The hook `backupbot.restore.post-hook` of `keeper` failed (code 3).',
    ],
  ])('is red where %s', async (_, labels, tier, sentence) => {
    await using server = await startGitServer();
    const run = await settled(server, await server.commit('main', recipe({ more: keeper('data', labels) })));
    expect(run).toMatchObject({ verdict: 'failed', level: 1, cause: { fault: 'app', tier, sentence } });
    await expectNothingOf(run, bench);
  });

  it('is amber where a recipe keeps data and says nothing of backups', async () => {
    await using server = await startGitServer();
    const run = await settled(server, await server.commit('main', recipe({ more: keeper('data') })));
    expect(run).toMatchObject({ verdict: 'passed', level: 5, amber: true });
    expect(stepOf(run, 'backup')).toMatchObject({
      state: 'skip',
      reason: 'it keeps data in volumes, and no service has the label `backupbot.backup=true`',
    });
  });

  it('skips the upgrade where there is no earlier version', async () => {
    await using server = await startGitServer();
    await server.commit('main', { 'README.md': '# a recipe in the making\n' });
    const run = await settled(server, await server.commit('change', recipe()));
    expect(run).toMatchObject({ verdict: 'passed', level: 5, amber: true, base: null });
    expect(stepOf(run, 'upgrade')).toMatchObject({ state: 'skip', reason: 'there is no earlier version to upgrade from' });
  });

  it('does not blame the commit for a base that is broken', async () => {
    await using server = await startGitServer();
    const base = await released(server, recipe({ image: 'nginx:0.0.1-gone' }));
    const run = await settled(server, await server.commit('change', newer, base));
    expect(run).toMatchObject({ verdict: 'passed', level: 5 });
    expect(stepsOf(run)).toEqual(['lint pass', 'install pass', 'upgrade skip', 'backup skip', 'restore skip', 'custom skip']);
    expect(stepOf(run, 'upgrade')?.reason).toBe('`1.0.0+1.25.3` cannot be installed by itself');
  });

  it('is red, saying so, where the new version dies after two seconds and Swarm goes back', async () => {
    await using server = await startGitServer();
    const dies = '    command: ["sh", "-c", "echo FATAL: no such table; sleep 2; exit 3"]\n';
    const dying = recipe({ version: '1.1.0+1.27.0', image: 'nginx:1.27.0', app: dies });
    const run = await settled(server, await server.commit('change', dying, await released(server)));
    expect(stepsOf(run)).toEqual(['lint pass', 'install pass', 'upgrade fail', 'backup skip', 'restore skip', 'custom skip']);
    expect(run).toMatchObject({ verdict: 'failed', level: 1, cause: { fault: 'app', tier: 'upgrade' } });
    expect(run.cause?.sentence).toBe(
      '`app` does not run in the new version: it exited (code 3), and Swarm went back to the one before.',
    );
    expect(run.cause?.evidence).toContainEqual({ text: 'FATAL: no such table', source: 'app' });
    await expectNothingOf(run, bench);
  });

  it('is red where the app runs and nobody can reach it', async () => {
    await using server = await startGitServer();
    const run = await settled(server, await server.commit('main', recipe({ app: '    command: ["sleep", "1000"]\n' })));
    expect(run).toMatchObject({ verdict: 'failed', level: 0, cause: { fault: 'app', tier: 'install' } });
    expect(run.cause?.sentence).toMatch(/^The app runs, but its address answers with HTTP 50\d, for 15 s\.$/);
  });

  it('fails with file and remedy where the recipe cannot be read', async () => {
    await using server = await startGitServer();
    const broken = { ...recipe(), 'compose.yml': 'services:\n  app:\n    image: [\n' };
    const run = await settled(server, await server.commit('main', broken));
    expect(run).toMatchObject({ verdict: 'failed', level: 0, cause: { fault: 'recipe', tier: null } });
    expect(run.cause?.sentence).toContain('`compose.yml`');
    expect(run.cause?.remedy).not.toBeNull();
    expect(stepsOf(run)).toEqual([
      'lint unver',
      'install unver',
      'upgrade unver',
      'backup unver',
      'restore unver',
      'custom unver',
    ]);
  });

  it('fails where the recipe asks for the docker socket, and nothing of it is created', async () => {
    await using server = await startGitServer();
    const greedy = recipe({ app: '    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]\n' });
    const run = await settled(server, await server.commit('main', greedy));
    expect(run).toMatchObject({ verdict: 'failed', cause: { fault: 'recipe', tier: null } });
    expect(run.attempts[0]?.cleanup).toMatchObject({ removed: { services: 0, networks: 0 } });
  });

  it('knows how the branch did before', async () => {
    await using server = await startGitServer();
    const repo = { id: 9_001, owner: 'coop', name: 'probe' };
    const ofMain = { repo, pull: null, branch: 'main', chosen: 'default-branch' } as const;
    const { id } = await bench.ask(server, await server.commit('main', recipe()), ofMain);
    await bench.until(id, 'the branch is tested', isSettled);
    const commit = await server.commit('change', recipe({ image: 'nginx:0.0.1-never' }));
    const asked = await bench.ask(server, commit, { repo });
    const run = await bench.until(asked.id, 'the run is settled', isSettled);
    expect(run.before).toMatchObject({
      branch: { name: 'main', last: { run: id, states: { install: 'pass' } } },
      otherwise: null,
    });
  });

  it('fails where an image does not exist', async () => {
    await using server = await startGitServer();
    const run = await settled(server, await server.commit('main', recipe({ image: 'nginx:0.0.1-never' })));
    expect(run).toMatchObject({ verdict: 'failed', cause: { fault: 'app', tier: 'install' } });
    expect(run.cause?.sentence).toMatch(/^There is no image `nginx:0\.0\.1-never`/);
  });

  it('is in the ledger while it has something on the host, is cancelled by a wish, and cleaned up', async () => {
    await using server = await startGitServer();
    const { id } = await bench.ask(server, await server.commit('main', slow));
    const { attempts } = await bench.until(id, 'it is being installed', isInstalling);
    // What outlives its runner is found by this, also where the record is gone.
    const expected = async () => (await ledger().entries()).filter(({ run }) => run === id);
    expect(await expected()).toMatchObject([{ stack: attempts[0]?.stack, attempt: 1 }]);
    await bench.store.apply(id, { kind: 'wished', wish: { stop: 'cancelled', why: 'asked', by: 'boris', at: Date.now() } });
    const run = await bench.until(id, 'the run is settled', isSettled);
    expect(run).toMatchObject({ verdict: 'cancelled', cause: null, level: null });
    await expectNothingOf(run, bench);
    await vi.waitFor(async () => expect(await expected()).toEqual([]));
  });
});
