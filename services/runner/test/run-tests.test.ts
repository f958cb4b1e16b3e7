import type { Stats } from 'node:fs';
import { lstat, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxEnd, SandboxJob } from '@cc-ci/deploy/deployer';
import { Settings } from '@cc-ci/shared/contract/settings';
import { knownSecret } from '@cc-ci/shared/service/scrub';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { OwnTests } from '../src/tests/find.ts';
import { runTests } from '../src/tests/run-tests.ts';
import { NothingToTest, type Testing } from '../src/tests/testing.ts';
import { app } from './example-app.ts';

const ok: SandboxEnd = { exitCode: 0, lines: [], outOfMemory: false };
const none = { pytest: [], vitest: [], programs: [] };

/** Runs pytest on one file in a sandbox that behaves like this. */
async function tried(
  sandbox: (job: SandboxJob, results: string, signal: AbortSignal) => Promise<SandboxEnd | undefined>,
  changes: { tests?: Partial<OwnTests>; minutes?: number; trusted?: boolean; signal?: AbortSignal } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'ccci-run-tests-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const tests: OwnTests = {
    folder,
    usual: { ...none, pytest: ['test_a.py'] },
    extra: none,
    marked: new Map(),
    ofSteps: {},
    hasMore: false,
    ...changes.tests,
  };
  const room = join(await mkdtemp(join(tmpdir(), 'ccci-room-')), 'tests');
  onTestFinished(() => rm(room, { recursive: true, force: true }));
  const nothing = async (): Promise<never> => Promise.reject(new Error('not asked for'));
  const testing: Testing = {
    app,
    deployer: {
      sandbox: (_, job, signal) => sandbox(job, join(room, 'results'), signal),
      exec: nothing,
      logs: nothing,
      copyIn: nothing,
      copyOut: nothing,
    },
    proxy: { address: '192.0.2.1', port: 8443, ca: 'PEM' },
    settings: { ...Settings.shape.tests.parse({}), minutes: changes.minutes ?? 1 },
    folder: room,
    service: 'app',
    names: ['a.test', 'b.test'],
    context: { meta: { recipe: 'a', commit: 'c', version: null }, op_state: {}, deps: {} },
    trusted: changes.trusted ?? true,
    signal: changes.signal ?? new AbortController().signal,
    say: () => undefined,
  };
  return runTests(tests, 'usual', testing);
}

const report = (cases: string): string => `<testsuites><testsuite>${cases}</testsuite></testsuites>`;
const reporting = (xml: string, end: Partial<SandboxEnd> = {}) =>
  tried(async (_, results) => {
    await writeFile(join(results, 'pytest.xml'), xml);
    return { ...ok, ...end };
  });

describe('tests in a sandbox', () => {
  it('end as their report says', async () => {
    expect(await reporting(report('<testcase name="a"/>'))).toEqual([{ name: 'a', state: 'pass', said: '' }]);
  });

  it.each([
    ['are red where no test is in the report', () => reporting(report('')), 'no test was found in test_a.py'],
    ['are red where the report is none', () => reporting('all fine'), /begins with|is no XML|XML/],
    [
      'are red where there is no report',
      () => tried(async () => ({ ...ok, exitCode: 1, lines: ['no space'] })),
      'it ended with exit code 1\nno space',
    ],
    [
      'are red where they end badly though no test of the report does',
      () => reporting(report('<testcase name="a"/>'), { exitCode: 3 }),
      'it ended with exit code 3',
    ],
    [
      'are red where they need more memory than they are given',
      () => tried(async () => ({ ...ok, exitCode: 137, outOfMemory: true })),
      'it needed more than 1024 MB of memory',
    ],
    [
      'are red where they take too long, whatever they print meanwhile (case 77)',
      () =>
        tried(
          (_, __, signal) =>
            new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => reject(signal.reason));
            }),
          { minutes: 0.001 },
        ),
      'it took longer than 0.001 min',
    ],
  ])('%s', async (_, run, said) => {
    const red = (await run()).filter(({ state }) => state === 'fail');
    expect(red).toHaveLength(1);
    expect(red[0]?.said).toMatch(said);
  });

  it('give away no secret that they stumble over', async () => {
    knownSecret('correct-horse-battery');
    const failure = '<failure message="got correct-horse-battery"/>';
    expect(await reporting(report(`<testcase name="a[correct-horse-battery]">${failure}</testcase>`))).toEqual([
      { name: 'a[[secret]]', state: 'fail', said: 'got [secret]' },
    ]);
  });

  it('are not judged where their app does not run', async () => {
    await expect(tried(async () => undefined)).rejects.toThrow(NothingToTest);
  });

  it('are stopped with the run', async () => {
    const stop = new AbortController();
    const running = tried(
      async () => {
        stop.abort(new Error('cancelled'));
        throw stop.signal.reason;
      },
      { signal: stop.signal },
    );
    await expect(running).rejects.toThrow('cancelled');
  });

  it('are given the way to the app, whom to trust, and nothing that opens anything', async () => {
    let job: SandboxJob | undefined;
    let hosts = '';
    await tried(async (given) => {
      job = given;
      hosts = await readFile(given.mounts.find(({ target }) => target === '/etc/hosts')?.source ?? '', 'utf8');
      return ok;
    });
    expect(hosts).toBe('127.0.0.1 localhost\n192.0.2.1 a.test b.test\n');
    expect(job?.environment).toMatchObject({ CCCI_DOMAIN: 'a.test', CCCI_BASE_URL: 'https://a.test:8443' });
    const own = /^(?:CCCI_|PATH$|PYTHONPATH$|HOME$|LANG$|NO_COLOR$)|CA_BUNDLE$|^SSL_CERT_FILE$|^NODE_EXTRA_CA_CERTS$/;
    expect(Object.keys(job?.environment ?? {}).filter((name) => !own.test(name))).toEqual([]);
    expect(job?.mounts.filter(({ writable }) => writable).map(({ target }) => target)).toEqual(['/results', '/door']);
  });

  it('of a stranger get no door, and nothing that their links lead to', async () => {
    let seen: SandboxJob['mounts'] = [];
    let link: Stats | undefined;
    const source = await mkdtemp(join(tmpdir(), 'ccci-strange-'));
    onTestFinished(() => rm(source, { recursive: true, force: true }));
    await symlink('/etc/passwd', join(source, 'mine'));
    await tried(
      async ({ mounts }) => {
        seen = mounts;
        link = await lstat(join(mounts.find(({ target }) => target === '/tests')?.source ?? '', 'mine'));
        return ok;
      },
      { trusted: false, tests: { folder: source } },
    );
    expect(seen.map(({ target }) => target)).not.toContain('/door');
    expect(link?.isSymbolicLink()).toBe(true);
  });
});
