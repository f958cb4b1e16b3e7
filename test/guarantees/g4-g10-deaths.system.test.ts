import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSettled } from '@cc-ci/shared/runs/next';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { breachesIn } from '../faults/check.ts';
import { endAt, type FaultyWorld, hasty, historyOf } from '../faults/faults.ts';
import { type Neighbours, plantNeighbours } from '../neighbours.ts';
import { page } from '../recipes/page.ts';
import { openWorldOfProcesses } from '../world.ts';

const released = { files: page(), release: '1.0.0+1.25.3' };
const newer = page({ version: '1.1.0+1.27.0', image: 'nginx:1.27.0' });
/** Guarantee 4 names it: nothing remains a minute after the host's runner is up. */
const AT_REST = { timeout: 60_000, interval: 250 };

let world: FaultyWorld;
let neighbours: Neighbours;
beforeAll(async () => {
  world = await openWorldOfProcesses(inject('machine'), { settings: hasty });
  neighbours = await plantNeighbours(world.docker, world.instance);
});
afterAll(async () => {
  await neighbours[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

describe('guarantees 3 and 4: a run ends truthfully, and nothing of it remains', () => {
  it('when the whole host dies in the middle of it, with all four services (case 31, case 43, case 75)', async () => {
    const { processes } = world;
    const pull = await world.pull('inkpot', released, newer);
    const comment = world.comment(pull, '!testme');
    await world.run(pull, 'the upgrade has begun', ({ steps }) =>
      steps.some(({ tier, state }) => tier === 'upgrade' && state === 'running'),
    );
    const all = ['infra', 'runner', 'reporter', 'trigger'] as const;
    await Promise.all(all.map((name) => processes.kill(name)));
    await Promise.all(all.map((name) => processes.start(name)));

    await expect.poll(async () => breachesIn(await historyOf(pull, comment, world, neighbours)), AT_REST).toEqual([]);
    const { attempts } = await world.run(pull, 'the run is settled', isSettled);
    expect(attempts).toMatchObject([{ lostTo: 'the runner went silent' }, { lostTo: null }]);
  });

  it('when its runner stands still past its lease and comes back after another one has finished (case 71)', async () => {
    const { processes } = world;
    const pull = await world.pull('inkblot', released, newer);
    const armed = join(world.folder, 'armed');
    await processes.stop('runner');
    await processes.start('runner', endAt({ step: 'runner.pulled', signal: 'SIGSTOP', armed }));
    writeFileSync(armed, '');
    const comment = world.comment(pull, '!testme');
    await expect.poll(() => existsSync(armed), AT_REST).toBe(false);
    const other = await processes.addRunner('there');
    const run = await world.run(pull, 'another runner has finished it', ({ state }) => state === 'ended');
    expect(run).toMatchObject({ verdict: 'passed', attempts: [{ host: world.instance }, { host: 'there', number: 2 }] });

    // It goes on where it stood: right before it deploys.
    processes.process('runner').signal('SIGCONT');
    await expect.poll(async () => breachesIn(await historyOf(pull, comment, world, neighbours)), AT_REST).toEqual([]);
    const after = await world.run(pull, 'the run is settled', isSettled);
    expect({ ...after, rev: 0, attempts: [] }).toEqual({ ...run, rev: 0, attempts: [] });
    expect(after.attempts[1]).toMatchObject({ host: 'there', lostTo: null });
    other.signal('SIGTERM');
    await other.ended;
  });
});
