import { describe, expect, it } from 'vitest';
import { isInstalling, openBench, slow } from './bench.ts';
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
});
