import type { TestResult } from '@cc-ci/shared/contract/run';
import { describe, expect, it } from 'vitest';
import { NothingToTest } from '../src/tests/testing.ts';
import { withOwnTests } from '../src/tiers/around.ts';
import type { TierResult } from '../src/tiers/tier.ts';
import { before, tested, up } from './tier-stand.ts';

const result = (name: string, state: TestResult['state'] = 'pass'): TestResult => ({ name, state, said: `${name} said` });
const made: TierResult = { state: 'pass', reason: null, note: '3 files saved', standing: up(tested) };

async function step({
  hook = async () => [],
  check = async () => [],
  make = made,
}: {
  hook?: () => Promise<TestResult[]>;
  check?: () => Promise<TestResult[]>;
  make?: TierResult;
}) {
  const done: string[] = [];
  const noting = <Value>(name: string, work: () => Promise<Value>): Promise<Value> => {
    done.push(name);
    return work();
  };
  const around = { before: () => noting('hook', hook), after: () => noting('check', check) };
  const context = { standing: up(before), say: () => undefined };
  const ended = await withOwnTests(around, context, () => noting('step', async () => make));
  return { done, ended };
}

describe('a step with cc-ci’s own files around it', () => {
  it('is as it is where there are none', async () => expect((await step({})).ended).toBe(made));

  it('counts their tests as its own', async () => {
    const { done, ended } = await step({ hook: async () => [result('seed')], check: async () => [result('a')] });
    expect(done).toEqual(['hook', 'step', 'check']);
    expect(ended).toEqual({
      ...made,
      note: '3 files saved; 2 of cc-ci’s own tests',
      tests: [result('seed'), result('a')],
    });
  });

  it('is red, and leaves what it made, where a test of it is', async () => {
    const { ended } = await step({ check: async () => [result('a'), result('b', 'fail')] });
    expect(ended).toMatchObject({ state: 'fail', reason: '1 of 2 tests is red: `b`', standing: up(tested) });
    expect(ended.failure?.name).toBe('TestsFailed');
  });

  it('is not made where its hook fails: what it was to find is not there', async () => {
    const { done, ended } = await step({ hook: async () => [result('seed', 'fail')] });
    expect(done).toEqual(['hook']);
    expect(ended).toMatchObject({ state: 'fail', reason: '1 of 1 test is red: `seed`', standing: up(before) });
  });

  it('is not looked at again where it did not pass', async () => {
    const failed: TierResult = { ...made, state: 'fail', reason: 'no', failure: new Error('No.') };
    expect(await step({ make: failed })).toEqual({ done: ['hook', 'step'], ended: failed });
  });

  const cannot = async (): Promise<never> => Promise.reject(new NothingToTest('`app` did not run.'));
  it.each([
    ['hook', { hook: cannot }, up(before)],
    ['test', { check: cannot }, up(tested)],
  ])('is never green where its %s could not be run', async (_, files, standing) => {
    expect((await step(files)).ended).toMatchObject({
      state: 'unver',
      reason: 'its own tests could not be run: `app` did not run',
      standing,
    });
  });
});
