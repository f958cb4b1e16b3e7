import { isSettled } from '@cc-ci/shared/runs/next';
import { describe, expect, inject, it } from 'vitest';
import { scriptedAbra } from '../../../packages/deploy/test/abra/open-scripted.ts';
import { isInstalling, openBench, recipe, slow, stepOf } from './bench.ts';
import { startGitServer } from './git-server.ts';

describe.concurrent('a runner', () => {
  it('that is stopped cleans up, and leaves its run to the next attempt', async () => {
    await using server = await startGitServer();
    await using bench = await openBench();
    const { id } = await bench.ask(server, await server.commit('main', slow));
    {
      await using _ = await bench.startRunner();
      await bench.until(id, 'it is being installed', isInstalling);
    }
    const run = await bench.store.read(id);
    expect(run).toMatchObject({
      state: 'queued',
      attempts: [{ lostTo: 'the runner was stopped', cleanup: { state: 'proven' } }],
    });
    expect(await bench.onHost()).toEqual({ stacks: [], checkouts: [] });
    await using _ = await bench.startRunner();
    await bench.until(id, 'the second attempt begins', ({ attempts }) => attempts.length === 2);
  });

  it('that is stopped right after the last step leaves the verdict as it was found, and its lines in their step (case 59)', async () => {
    await using server = await startGitServer();
    await using bench = await openBench();
    const flags = { quick: false, extraTests: false, stages: ['install' as const] };
    const { id } = await bench.ask(server, await server.commit('main', recipe()), { flags });
    {
      await using _ = await bench.startRunner();
      await bench.until(id, 'its last step is over', (run) => stepOf(run, 'install')?.state === 'pass');
    }
    expect(await bench.store.read(id)).toMatchObject({
      verdict: 'passed',
      attempts: [{ lostTo: null, cleanup: { state: 'proven' } }],
    });
    expect(await bench.story(id)).toMatch(/1 install: Step install passed\.\n.*1 cc-ci: The run ended: passed\./s);
    expect(await bench.onHost()).toEqual({ stacks: [], checkouts: [] });
  });

  it('that is killed is reaped by the next one, where its run goes on in another attempt', async () => {
    await using server = await startGitServer();
    await using bench = await openBench();
    const { id } = await bench.ask(server, await server.commit('main', slow));
    const child = bench.startRunnerProcess();
    const dead = (await bench.until(id, 'it is being installed', isInstalling)).attempts[0];
    await child.kill();
    await using _ = await bench.startRunner();
    const run = await bench.until(
      id,
      'the dead attempt is cleaned up and the next one runs',
      ({ attempts, state }) => attempts[0]?.cleanup.state === 'proven' && attempts.length === 2 && state === 'running',
    );
    expect(run.attempts[0]).toMatchObject({ lostTo: 'the runner went silent', cleanup: { removed: { services: 1 } } });
    const { stacks, checkouts } = await bench.onHost();
    expect([...stacks.map(({ stack }) => stack), ...checkouts]).not.toContain(dead?.stack);
  });

  it('that deploys by abra upgrades what it has installed, under abra’s names, and leaves nothing', async () => {
    await using server = await startGitServer();
    await using bench = await openBench();
    const { settings, folder } = bench.options;
    const abra = await scriptedAbra(folder, inject('machine').dockerCli);
    await using _ = await bench.startRunner({ settings: { ...settings, deploy: { ...settings.deploy, driver: 'abra', abra } } });
    await server.commit('main', recipe({ image: 'nginx:1.25.3' }));
    const { id } = await bench.ask(server, await server.commit('change', recipe({ image: 'nginx:1.27.0' })));
    const run = await bench.until(id, 'it has ended', isSettled);
    expect(run, await bench.story(id)).toMatchObject({ verdict: 'passed', attempts: [{ cleanup: { state: 'proven' } }] });
    expect(run.steps).toContainEqual(expect.objectContaining({ tier: 'upgrade', state: 'pass' }));
    expect(run.attempts[0]?.stack).toMatch(/^prob-[0-9a-f]{6}_apps_test$/);
    expect(await bench.onHost()).toEqual({ stacks: [], checkouts: [] });
  });
});
