import { pullSubject } from '@cc-ci/shared/contract/ids';
import { isSettled } from '@cc-ci/shared/runs/next';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { page } from '../recipes/page.ts';
import { openWorld, type Pull, type World } from '../world.ts';

let world: World;
let pull: Pull;

beforeAll(async () => {
  world = await openWorld(inject('machine'));
  pull = await world.pull(
    'inkpot',
    { files: page(), release: '1.0.0+1.25.3' },
    page({ version: '1.1.0+1.27.0', image: 'nginx:1.27.0' }),
  );
});
afterAll(() => world[Symbol.asyncDispose]());

describe('guarantee 2: one comment is at most one run, and at rest one comment of ours', () => {
  it('holds when the reporter is stopped during the run and started after it, and the trigger reads everything again', async () => {
    world.comment(pull, '!testme');
    await world.run(pull, 'the run has begun', (run) => run.state === 'running');
    await world.says(pull, 'Testing');
    await world.services.stop('reporter');
    const run = await world.run(pull, 'the run is over and clean', isSettled);
    expect(run.verdict).toBe('passed');

    await world.services.start('reporter');
    await world.services.stop('trigger');
    await world.services.start('trigger');
    await world.says(pull, 'Left behind: nothing');
    await world.quiet();

    expect(await world.runs.ofSubject(pullSubject(pull.repoId, pull.number))).toHaveLength(1);
    expect(world.said(pull)).toEqual([
      expect.stringMatching(/\*\*◐ Passed, with a gap: `[0-9a-f]{8}` of inkpot installs and upgrades\.\*\* Not tested: custom/),
    ]);
  });

  it('holds for a second request: another run, and another comment at rest', async () => {
    const first = await world.run(pull, 'the first run is over', isSettled);
    world.comment(pull, '!testme');
    await world.run(pull, 'the second run is over and clean', (run) => run.id !== first.id && isSettled(run));
    await world.quiet();
    const runs = await world.runs.ofSubject(pullSubject(pull.repoId, pull.number));
    expect(runs).toHaveLength(2);
    for (const run of runs) expect(world.said(pull).filter((body) => body.includes(`/runs/${run.id}`))).toHaveLength(1);
  });
});
