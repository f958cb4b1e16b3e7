import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { drain, resume } from '@cc-ci/shared/runs/drained';
import { living } from '@cc-ci/shared/runs/heartbeats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench, recipe } from './bench.ts';
import { type GitServer, startGitServer } from './git-server.ts';

const hostOf = ({ attempts }: RunRecord): string | undefined => attempts.at(-1)?.host;
const isRunning = ({ state }: RunRecord): boolean => state === 'running';
const isOver = ({ attempts }: RunRecord): boolean => attempts.some(({ cleanup }) => cleanup.state === 'proven');

let bench: Bench;
let redis: Bench['redis'];
let server: GitServer;
let folder: string;
let commit: string;
const opened = new AsyncDisposableStack();

beforeAll(async () => {
  bench = opened.use(await openBench());
  server = opened.use(await startGitServer());
  folder = await mkdtemp(join(tmpdir(), 'ccci-drain-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  redis = bench.redis;
  for (const host of ['here', 'there']) opened.use(await bench.startRunner({ host, folder: join(folder, host) }));
  commit = await server.commit('main', recipe());
});
afterAll(() => opened.disposeAsync());

const instance = (): string => bench.options.settings.instance;

describe('a drained host', () => {
  it('takes no run, which another host carries out; then it takes runs again', async () => {
    await drain(redis, instance(), 'here', Date.now());
    const first = await bench.ask(server, commit);
    expect(hostOf(await bench.until(first.id, 'the run is over', isOver))).toBe('there');
    const beats = await living(redis, instance(), Date.now());
    expect(beats.map(({ host, draining }) => ({ host, draining }))).toContainEqual({ host: 'here', draining: true });

    await drain(redis, instance(), 'there', Date.now());
    await resume(redis, instance(), 'here');
    const { id } = await bench.ask(server, commit);
    expect(hostOf(await bench.until(id, 'the run is over', isOver))).toBe('here');
    await resume(redis, instance(), 'there');
  });

  it('ends what it has begun', async () => {
    const { id } = await bench.ask(server, commit);
    const host = hostOf(await bench.until(id, 'the run has begun', isRunning));
    await drain(redis, instance(), host ?? '', Date.now());
    const run = await bench.until(id, 'the run is over', isOver);
    expect(run).toMatchObject({ verdict: 'passed', attempts: [{ number: 1, host }] });
  });
});
