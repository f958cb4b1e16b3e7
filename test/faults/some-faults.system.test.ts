import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Neighbours, plantNeighbours } from '../neighbours.ts';
import { openWorldOfProcesses } from '../world.ts';
import { allFaults, commit, type FaultyWorld, hasty } from './faults.ts';

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

/** Those that leave the most different things undone; `npm run faults` tries them all. */
const chosen = ['trigger.admitted', 'runner.applied', 'runner.removed', 'reporter.create'];

describe('a death keeps every promise (case 31, case 43)', () => {
  it.each(allFaults().filter(({ step, time }) => chosen.includes(step) && time === 1))('at $step', async (fault) => {
    const recipe = fault.step.replace('.', '-');
    expect((await commit(fault, recipe, world, neighbours)).breaches).toEqual([]);
  });
});
