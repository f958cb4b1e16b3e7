import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { people } from '@cc-ci/cli/demo/people';
import { type Machine, startMachine } from '@cc-ci/machine/machine';
import { pullSubject } from '@cc-ci/shared/contract/ids';
import { openIntakeStore } from '@cc-ci/shared/runs/intake-store';
import { isSettled } from '@cc-ci/shared/runs/next';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breachesIn } from '../faults/check.ts';
import { type FaultyWorld, hasty, historyOf } from '../faults/faults.ts';
import { type Neighbours, plantNeighbours } from '../neighbours.ts';
import { page } from '../recipes/page.ts';
import { standInImages } from '../stand-in-images.ts';
import { everythingOf, openWorldOfProcesses, type Pull } from '../world.ts';

/** A recipe with nothing released: the commit is installed, and that is all. */
const alone = page();
const AT_REST = { timeout: 60_000, interval: 250 };

// Machines of its own: it ends their engines and their Redis.
let first: Machine;
let second: Machine;
let world: FaultyWorld;
let neighbours: Neighbours;
const opened = new AsyncDisposableStack();
beforeAll(async () => {
  first = opened.use(await startMachine({ images: standInImages }));
  second = opened.use(await startMachine({ images: standInImages }));
  const caFile = join(first.description.folder, 'both-authorities.pem');
  const authorities = await Promise.all([first, second].map(({ description }) => readFile(description.proxy.caFile, 'utf8')));
  await writeFile(caFile, authorities.join('\n'));
  const { proxy } = first.description;
  world = opened.use(
    await openWorldOfProcesses({ ...first.description, proxy: { ...proxy, caFile } }, { settings: hasty, capacity: 1 }),
  );
  neighbours = opened.use(await plantNeighbours(world.docker, world.instance));
});
afterAll(() => opened.disposeAsync());

describe('guarantee 10: the system recovers by itself and says what happened', () => {
  it('when the engine dies in the middle of a run and comes back', async () => {
    const pull = await world.pull('inkpot', { files: { 'README.md': '# to come\n' } }, alone);
    const comment = world.comment(pull, '!testme');
    await world.run(pull, 'it is being deployed', ({ doing }) => doing?.what.includes('watched for a while') ?? false);
    await first.engine.kill();
    await world.run(pull, 'the attempt is lost', ({ attempts }) => (attempts[0]?.lostTo ?? null) !== null);
    await first.engine.start();

    await expect.poll(async () => breachesIn(await historyOf(pull, comment, world, neighbours)), AT_REST).toEqual([]);
    expect((await world.run(pull, 'the run is settled', isSettled)).attempts.length).toBeGreaterThan(1);
  });

  it('with two runners on two engines, which share the runs, and each clears its own host', async () => {
    const { dockerHost, proxy } = second.description;
    await world.processes.addRunner('second', { environment: { DOCKER_HOST: dockerHost, CCCI_PROXY_ADDRESS: proxy.address } });
    const pulls = await Promise.all(
      ['inkcap', 'inkstone'].map((recipe) => world.pull(recipe, { files: { 'README.md': '# to come\n' } }, alone)),
    );
    for (const pull of pulls) world.comment(pull, '!testme');
    const runs = await Promise.all(pulls.map((pull) => world.run(pull, 'the run is settled', isSettled)));
    expect(runs.map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
    expect(runs.map(({ attempts }) => attempts.at(-1)?.host).toSorted()).toEqual(['second', world.instance].toSorted());
    const others = new Docker({ socketPath: dockerHost.replace('unix://', '') });
    expect(await everythingOf(others, world.instance, [])).toEqual([]);
    expect(await world.onEngine()).toEqual([]);
  });
});

describe('guarantee 1: no comment is lost', () => {
  it('of 50 by three people, while the trigger dies five times and Redis once: 50 outcomes, none twice (case 1, case 7)', async () => {
    const pulls: Pull[] = [];
    for (const recipe of ['inkbag', 'inkbox', 'inkjar', 'inkpad', 'inkpen'])
      pulls.push(await world.pull(recipe, { files: { 'README.md': '# to come\n' } }, alone));
    const written = new Map<number, Pull>();
    const say = (count: number): void => {
      for (let index = 0; index < count; index += 1) {
        const pull = pulls[written.size % pulls.length];
        const speaker = [people.author, people.owner, people.outsider][written.size % 3];
        const body = ['!testme help', '!tetsme', '!testme staus'][Math.floor(written.size / pulls.length) % 3] ?? '';
        if (pull) written.set(world.comment(pull, body, speaker), pull);
      }
    };

    for (let death = 1; death <= 5; death += 1) {
      say(5);
      await world.processes.kill('trigger');
      say(4);
      if (death === 3) {
        await first.redis.stop();
        say(2);
        await first.redis.start();
      }
      await world.processes.start('trigger');
    }
    say(50 - written.size);
    expect(written.size).toBe(50);

    const intake = openIntakeStore(world.redis, world.instance, async () => undefined);
    const outcomes = async (): Promise<number[]> => {
      const records = await Promise.all(pulls.map((pull) => intake.ofSubject(pullSubject(pull.repoId, pull.number))));
      return records
        .flat()
        .filter(({ outcome }) => outcome.kind !== 'ignored')
        .map(({ commentId }) => commentId)
        .toSorted((a, b) => a - b);
    };
    await expect.poll(outcomes, AT_REST).toEqual([...written.keys()].toSorted((a, b) => a - b));
    await world.quiet();
    // A reply names in its first line the comment that it answers.
    const answered = pulls.flatMap((pull) => world.said(pull)).map((body) => body.split('\n')[0]);
    expect(answered.length).toBeGreaterThan(0);
    expect(new Set(answered).size).toBe(answered.length);
  });
});
