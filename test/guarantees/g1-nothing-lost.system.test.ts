import { people } from '@cc-ci/cli/demo/people';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { page } from '../recipes/page.ts';
import { openWorld, type Pull, type World } from '../world.ts';

let world: World;
let pull: Pull;

beforeAll(async () => {
  world = await openWorld(inject('machine'));
  pull = await world.pull('inkpot', { files: page(), release: '1.0.0+1.25.3' }, { 'README.md': '# inkpot, filled\n' });
});
afterAll(() => world[Symbol.asyncDispose]());

describe('guarantee 1: no comment is lost', () => {
  it('is answered when it was written while the trigger was down', async () => {
    await world.services.stop('trigger');
    world.comment(pull, '!testme help');
    await world.services.start('trigger');
    expect(await world.says(pull, '`!testme help`')).toContain('show this table');
  });

  it('is answered when it was written just before the forge went away', async () => {
    world.comment(pull, '!tetsme');
    world.forge.goDown();
    await world.logs('New comments cannot be read');
    world.forge.comeBack();
    await world.says(pull, 'Did you mean `!testme`?');
  });

  it('is answered when it was written while the reporter was down', async () => {
    await world.services.stop('reporter');
    world.comment(pull, '!testme', people.outsider);
    await world.services.start('reporter');
    expect(await world.says(pull, 'I have not started a test')).toContain('for members of `coop` to decide');
  });

  it('leaves nothing waiting', async () => {
    await world.quiet();
    expect(await world.runs.open()).toEqual([]);
  });
});
