import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunFlags, RunRecord, Step } from '@cc-ci/shared/contract/run';
import { isSettled } from '@cc-ci/shared/runs/next';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { type Bench, openBench, recipe, stepOf } from './bench.ts';
import { startGitServer } from './git-server.ts';

/** Waiting is most of a run: several at a time fit on two cores. */
const AT_A_TIME = 4;
const PYTEST = `
import subprocess
import urllib.request

import pytest


def test_is_reached_by_its_people(live_app, meta):
    assert live_app.get("/").status == 200
    assert "Welcome" in live_app.get("/").text
    assert meta.recipe == "probe"
    with urllib.request.urlopen("https://%s" % live_app.base_url.removeprefix("https://")) as answer:
        assert answer.status == 200


def test_reaches_into_its_services_by_the_door(door):
    door.put("app", "/usr/share/nginx/html/note.txt", "written by a test")
    assert door.exec("app", "cat /usr/share/nginx/html/note.txt") == "written by a test"
    assert door.get("app", "/usr/share/nginx/html/note.txt") == b"written by a test"
    assert "GET / HTTP" in door.logs("app")
    with pytest.raises(Exception, match="ended with 3"):
        door.exec("app", "exit 3")
    with pytest.raises(Exception, match="no container"):
        door.exec("db", "true")


def test_is_told_what_was_done_before(op_state):
    assert op_state.upgraded


@pytest.mark.requires_deps("keycloak")
def test_logs_in(deps):
    raise AssertionError("never run")


@pytest.mark.extra
def test_is_heavy():
    pass
`;
const VITEST = `
import { app, door } from 'ccci';
import { expect, test } from 'vitest';

test('answers, and is reached into', async () => {
  expect((await fetch(app.baseUrl)).status).toBe(200);
  expect(await door.exec('app', 'echo hello')).toBe('hello');
  expect((await door.get('app', '/etc/passwd')).toString()).toContain('root');
});
`;
const PROGRAM = `#!/usr/bin/env bash
set -e
curl -fsS "$CCCI_BASE_URL" | grep -q Welcome
curl -fsS http://localhost/ | grep -q Welcome
[ "$(door exec app 'echo hello')" = hello ]
[ "$(id -u)" = 65534 ]
grep -q ' /tests [^ ]* ro' /proc/mounts
if touch /var/tmp/mine; then exit 1; fi
grep -q '^CapBnd:[[:space:]]*0*$' /proc/self/status
grep -q '^NoNewPrivs:[[:space:]]*1$' /proc/self/status
`;
const ok = '#!/bin/sh\n';
const TOO_SLOW = '#!/bin/sh\necho too slow\nexit 1\n';

const files: Record<string, string> = {
  'all/test_page.py': PYTEST.replace('"probe"', '"all"'),
  'all/page.test.ts': VITEST,
  'all/test-page.sh': PROGRAM,
  'all/extra/test_load.py': 'def test_load(live_app):\n    assert live_app.get().status == 200\n',
  'all/many.extra.test.ts': "import { test } from 'vitest';\ntest('many', () => undefined);\n",
  'all/extra/test-long.sh': ok,
  'red/test_page.py': 'def test_sum():\n    assert 1 + 1 == 3\n\n\ndef test_fine():\n    pass\n',
  'red/extra/test-fine.sh': ok,
  'by-folder/test-fine.sh': ok,
  'by-folder/extra/test-load.sh': TOO_SLOW,
  'by-name/test-fine.sh': ok,
  'by-name/load.extra.test.ts': "import { test } from 'vitest';\ntest('load', () => { throw new Error('too slow'); });\n",
  'by-mark/test_load.py':
    'import pytest\n\n\ndef test_fine():\n    pass\n\n\n@pytest.mark.extra\ndef test_load():\n    raise AssertionError("too slow")\n',
  'slow/test-slow.sh': '#!/bin/sh\ndoor exec app true\nexec sleep 600\n',
  'none/README.md': 'nothing yet\n',
  'not-executable/test_purge.sh': ok,
  'elsewhere/test-elsewhere.sh': '#!/bin/sh\necho no keycloak here\nexit 77\n',
  'broken/test_page.py': 'import nothing_of_that_name\n',
  'bomb/test-bomb.sh': '#!/bin/sh\nwhile :; do sleep 60 & done\n',
  'hungry/test_hungry.py': 'def test_memory():\n    x = bytearray(1 << 30)\n    assert x[::4096]\n',
  'socket/test-socket.sh': `#!/bin/sh
[ ! -e /var/run/docker.sock ] && [ ! -e /run/docker.sock ] || exit 1
find / -xdev -type s 2>/dev/null | grep -v '^/door/door$' && exit 2
cat /proc/self/environ /proc/1/environ | tr '\\0' '\\n' | grep -iE 'token|secret|redis' && exit 3
[ -e ~/.abra ] && exit 4
python3 -c '
import socket, struct, sys
routes = [line.split() for line in open("/proc/net/route").readlines()[1:]]
gateways = {socket.inet_ntoa(struct.pack("<L", int(route[2], 16))) for route in routes if int(route[2], 16)}
assert gateways, "no way out of here"
for host in gateways | {"127.0.0.1"}:
    for port in (2375, 2376, REDIS_PORT):
        with socket.socket() as tried:
            tried.settimeout(2)
            assert tried.connect_ex((host, port)) != 0, "%s:%d answers" % (host, port)
'
`,
};

/** The probe's own tests, as one folder of these. */
async function writeTests(folder: string): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content.replace('REDIS_PORT', new URL(inject('machine').redisUrl).port));
    if (content.startsWith('#!') && !name.startsWith('not-executable')) await chmod(path, 0o755);
  }
}

/** How extra tests are asked for, if they are. */
interface Asked {
  readonly flags?: Partial<RunFlags>;
  readonly always?: boolean;
}

describe.concurrent('own tests', () => {
  let folder: string;
  let bench: Bench;
  let runner: AsyncDisposable;
  /** Where extra tests run every time. */
  let eager: Bench;
  let eagerRunner: AsyncDisposable;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ccci-own-tests-'));
    await writeTests(folder);
    bench = await openBench({ source: folder, approved_local: ['approved'], memory_mb: 256, processes: 64 });
    runner = await bench.startRunner({ capacity: AT_A_TIME });
    eager = await openBench({ source: folder, extra: true });
    eagerRunner = await eager.startRunner();
  });
  afterAll(async () => {
    await runner[Symbol.asyncDispose]();
    await bench[Symbol.asyncDispose]();
    await eagerRunner[Symbol.asyncDispose]();
    await eager[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** A run of the first version of a recipe of this name, or of the version after `base`. */
  async function run(name: string, { flags, always }: Asked = {}, base?: Record<string, string>): Promise<RunRecord> {
    await using server = await startGitServer();
    const before = await server.commit('main', base ?? recipe());
    if (base) await server.tag('1.0.0+1.25.3', before);
    const commit = base ? await server.commit('change', recipe({ version: '1.1.0+1.25.3' }), before) : before;
    const asked = always ? eager : bench;
    const { id } = await asked.ask(server, commit, {
      recipe: name,
      flags: { quick: false, extraTests: false, stages: null, ...flags },
    });
    return await asked.until(id, 'the run is settled', isSettled);
  }

  it('run as pytest, Vitest and programs against the live app, and find there what they are promised', async () => {
    const ended = await run('all', {}, recipe());
    expect(ended, await bench.story(ended.id)).toMatchObject({ verdict: 'passed', level: 5 });
    expect(stepOf(ended, 'custom')).toMatchObject({ state: 'pass', note: '5 of 6; 1 skipped' });
    expect(stepOf(ended, 'extra')).toMatchObject({ state: 'skip', intended: true, note: '4 extra tests' });
    expect(await bench.story(ended.id)).toContain('it needs keycloak, which this run has not');
  });

  it('run their extra ones too where these are asked for, on the same deployment', async () => {
    const ended = await run('all', { flags: { extraTests: true } });
    expect(ended, await bench.story(ended.id)).toMatchObject({ verdict: 'passed', level: 5 });
    expect(stepOf(ended, 'extra')).toMatchObject({ state: 'pass', note: '4 of 4' });
    const story = await bench.story(ended.id);
    expect(story.match(/: Deploying /g)).toHaveLength(1);
  });

  it('that are red name the test, let the steps after them go on, and cost the level above theirs', async () => {
    const ended = await run('red', { flags: { extraTests: true } });
    expect(ended).toMatchObject({ verdict: 'failed', level: 1, cause: { fault: 'app', tier: 'custom' } });
    expect(ended.cause?.sentence).toBe('1 of 2 tests is red: `test_page › test_sum`.');
    expect(ended.cause?.evidence[0]).toMatchObject({ text: expect.stringContaining('assert (1 + 1) == 3') });
    expect(stepOf(ended, 'custom')).toMatchObject({ state: 'fail', note: '1 of 2' });
    expect(stepOf(ended, 'extra')).toMatchObject({ state: 'pass' });
  });

  it.each<[door: string, name: string, asked: Asked]>([
    ['a folder, by a flag', 'by-folder', { flags: { extraTests: true } }],
    ['a name, by a flag', 'by-name', { flags: { extraTests: true } }],
    ['a mark of pytest, by a flag', 'by-mark', { flags: { extraTests: true } }],
    ['a folder, by their step', 'by-folder', { flags: { stages: ['extra'] } }],
    ['a folder, by the setting', 'by-folder', { always: true }],
  ])(
    'that are extra by %s, run when asked for, are only listed otherwise, and never change the level',
    async (_, name, asked) => {
      const [wanted, usual] = await Promise.all([run(name, asked), run(name)]);
      expect(wanted).toMatchObject({ verdict: 'failed', cause: { tier: 'extra' } });
      expect(wanted.cause?.evidence.map(({ text }) => text).join()).toContain('too slow');
      expect(usual).toMatchObject({ verdict: 'passed', level: 5 });
      expect(stepOf(usual, 'extra')).toMatchObject({ state: 'skip', intended: true, note: '1 extra test' });
      expect(wanted.level).toBe(asked.flags?.stages ? null : usual.level);
      const story = await (asked.always ? eager : bench).story(wanted.id);
      expect(story.match(/: Deploying /g)).toHaveLength(1);
    },
  );

  it.each<[what: string, name: string, step: Partial<Step>, said: string]>([
    ['that are none in a folder that is meant for them are red', 'none', { state: 'fail' }, 'no test was found in its folder'],
    ['that cannot be read are red', 'broken', { state: 'fail' }, "No module named 'nothing_of_that_name'"],
    ['that need more memory than they are given are red (case 65)', 'hungry', { state: 'fail' }, 'more than 256 MB of memory'],
    ['that multiply without end are red, and the run goes on', 'bomb', { state: 'fail' }, 'ended with exit code'],
    ['that skip themselves have not passed', 'elsewhere', { state: 'skip', intended: false }, 'no keycloak here'],
    ['that would never run are said to (case 85)', 'not-executable', { state: 'unver' }, 'test_purge.sh is named like a test'],
    [
      'find no socket of the host, no engine, no Redis and no secret of cc-ci (case 27, case 29)',
      'socket',
      { state: 'pass' },
      'Step custom passed',
    ],
  ])('%s', async (_, name, step, said) => {
    const ended = await run(name);
    const story = await bench.story(ended.id);
    expect(stepOf(ended, 'custom'), story).toMatchObject(step);
    expect(story).toContain(said);
    expect(ended.verdict).toBe(step.state === 'fail' ? 'failed' : 'passed');
  });

  it('in the recipe itself run where they are approved, without a door, and nowhere else', async () => {
    const files = { ...recipe(), 'tests/test_own.py': 'import os\n\n\ndef test_own():\n    assert os.path.exists("/door")\n' };
    await using server = await startGitServer();
    const commit = await server.commit('main', files);
    const [approved, other] = await Promise.all(
      ['approved', 'other'].map(async (name) => {
        const { id } = await bench.ask(server, commit, { recipe: name });
        return await bench.until(id, 'the run is settled', isSettled);
      }),
    );
    expect(approved).toMatchObject({
      verdict: 'failed',
      cause: { tier: 'local', sentence: expect.stringContaining('test_own') },
    });
    expect(other).toMatchObject({ verdict: 'passed', level: approved?.level });
    expect(other && stepOf(other, 'local')).toMatchObject({ state: 'skip', intended: true });
  });

  it('leave nothing when their runner is killed while they run', async () => {
    await using server = await startGitServer();
    await using own = await openBench({ source: folder });
    const { id } = await own.ask(server, await server.commit('main', recipe()), { recipe: 'slow' });
    const child = own.startRunnerProcess();
    await vi.waitFor(async () => expect(await own.story(id)).toContain('custom: Door:'), { timeout: 60_000 });
    await child.kill();
    await using _ = await own.startRunner();
    const reaped = await own.until(
      id,
      'the dead attempt is cleaned up',
      ({ attempts }) => attempts[0]?.cleanup.state === 'proven',
    );
    // The container of the app, and that of its tests.
    expect(reaped.attempts[0]).toMatchObject({ cleanup: { left: [], removed: { services: 1, containers: 2 } } });
  });
});
