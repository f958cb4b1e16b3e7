import { NOTHING_TO_UPGRADE } from '@cc-ci/shared/contract/run';
import { isSettled } from '@cc-ci/shared/runs/next';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { page } from '../recipes/page.ts';
import { openWorld, type Pull, type World } from '../world.ts';

const released = { files: page(), release: '1.0.0+1.25.3' };
const dies = { version: '1.1.0+1.27.0', image: 'nginx:1.27.0', command: '["sh", "-c", "sleep 2; echo out of ink; exit 3"]' };

let world: World;
let pulls: Record<'good' | 'dying' | 'unrouted' | 'unchanged' | 'unreadable' | 'refused', Pull>;
/** A stack of somebody else, named as one of ours could be. */
const foreign = 'inkp-abcdef_neighbour';
const docker = (): Docker => new Docker({ socketPath: inject('machine').dockerHost.replace('unix://', '') });

beforeAll(async () => {
  await docker().createNetwork({ Name: foreign, Driver: 'overlay' });
  world = await openWorld(inject('machine'), { capacity: 2 });
  pulls = {
    good: await world.pull('inkpot', released, page({ version: '1.1.0+1.27.0', image: 'nginx:1.27.0' })),
    dying: await world.pull('inkblot', released, page(dies)),
    unrouted: await world.pull('inkless', released, page({ version: '1.1.0+1.27.0', image: 'nginx:1.27.0', published: false })),
    unchanged: await world.pull('inkwell', released, { 'README.md': '# inkwell, described better\n' }),
    unreadable: await world.pull('inkstain', released, {
      'compose.yml': 'services:\n  app:\n   image: nginx:1.27.0\n  bad indent: [\n',
    }),
    refused: await world.pull('inkspy', released, {
      'compose.yml': (page()['compose.yml'] ?? '').replace(
        '    networks:\n',
        '    volumes:\n      - /var/run/docker.sock:/sock\n    networks:\n',
      ),
    }),
  };
  for (const pull of Object.values(pulls)) world.comment(pull, '!testme');
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await docker().getNetwork(foreign).remove();
});

const settled = (name: keyof typeof pulls) => world.run(pulls[name], `the run of ${name} is over and clean`, isSettled);

describe('guarantee 5: red is never shown green', () => {
  it('passes a newer image that works', async () => {
    expect(await settled('good')).toMatchObject({ verdict: 'passed', level: 5, amber: true });
    await world.says(pulls.good, '◐ Passed, with a gap');
  });

  it('fails an image that dies after two seconds under start-first and rollback, and says why', async () => {
    expect(await settled('dying')).toMatchObject({
      verdict: 'failed',
      level: 1,
      steps: [{}, { state: 'pass' }, { state: 'fail' }, {}, {}, {}],
    });
    const said = await world.says(pulls.dying, 'Failed at upgrade');
    expect(said).toContain('Swarm went back to the one before');
    expect(said).toContain('out of ink');
  });

  it('fails an upgrade after which nobody reaches the app any more', async () => {
    expect(await settled('unrouted')).toMatchObject({
      verdict: 'failed',
      steps: [{}, { state: 'pass' }, { state: 'fail' }, {}, {}, {}],
    });
    expect(await world.says(pulls.unrouted, 'Failed at upgrade')).toContain('nothing of the app is published');
  });

  it('says that there was nothing to upgrade when only the README changed', async () => {
    const run = await settled('unchanged');
    expect(run).toMatchObject({
      verdict: 'passed',
      steps: [{}, { state: 'pass' }, { state: 'pass', note: NOTHING_TO_UPGRADE }, {}, {}, {}],
    });
    await world.says(pulls.unchanged, 'nothing to upgrade');
  });

  it('fails a recipe that cannot be read, with file, line and what to do', async () => {
    expect(await settled('unreadable')).toMatchObject({ verdict: 'failed' });
    expect(await world.says(pulls.unreadable, '`compose.yml`')).toMatch(/line \d+/);
  });

  it('fails a recipe that reaches for the host, before anything of that commit is created', async () => {
    expect(await settled('refused')).toMatchObject({ verdict: 'failed' });
    expect(await world.says(pulls.refused, 'docker.sock')).not.toContain('✔ upgrade');
  });
});

describe('guarantee 4: after a run nothing of it remains', () => {
  it('whatever its end was, and the neighbours are untouched', async () => {
    await Promise.all(Object.keys(pulls).map((name) => settled(name as keyof typeof pulls)));
    expect(await world.onEngine()).toEqual([]);
    expect((await docker().listNetworks()).map(({ Name }) => Name)).toContain(foreign);
  });
});

describe('guarantee 3: whoever asked is told', () => {
  it('by one comment for each run, with the proof of the clean-up', async () => {
    for (const pull of Object.values(pulls)) {
      await world.says(pull, 'Left behind: nothing');
      expect(world.said(pull)).toHaveLength(1);
    }
  });
});
