import { describe, expect, it } from 'vitest';
import type { Tier } from '../../src/contract/glossary.ts';
import type { Cause, RunRecord, RunRequest } from '../../src/contract/run.ts';
import { beforeOf } from '../../src/runs/before.ts';
import { queued, request } from './example-run.ts';

const cause = (tier: Tier, fault: Cause['fault'] = 'app'): Cause => ({ fault, tier, sentence: 's.', evidence: [], remedy: null });
const step = (tier: Tier, state: 'pass' | 'fail' | 'unver'): RunRecord['steps'][number] => ({
  tier,
  state,
  startedAt: 1,
  endedAt: 2,
  reason: null,
  intended: false,
  note: null,
  findings: [],
  tests: [],
});
const passed = { verdict: 'passed', steps: [step('install', 'pass'), step('upgrade', 'pass')], level: 5 } as const;
const failed = {
  verdict: 'failed',
  steps: [step('install', 'pass'), step('upgrade', 'fail')],
  level: 1,
  cause: cause('upgrade'),
} as const;
type Change = Partial<Pick<RunRecord, 'verdict' | 'level' | 'cause'>> & {
  readonly steps?: readonly RunRecord['steps'][number][];
};
const earlier = (id: string, change: Change, asked: Partial<RunRequest>): RunRecord => {
  const { steps = [], ...rest } = change;
  return { ...queued, id, state: 'ended', endedAt: 5_000, steps: [...steps], ...rest, request: { ...request, ...asked } };
};
const ofMain: Partial<RunRequest> = { pull: null, branch: 'main', chosen: 'default-branch', commit: 'b'.repeat(40) };
const partial: RunRequest['flags'] = { quick: false, extraTests: false, stages: ['install'] };

describe('the branch that a run is compared with', () => {
  const of = (...runs: RunRecord[]) => beforeOf(queued, { verdict: 'failed', cause: cause('upgrade') }, runs).branch?.last.run;

  it.each<[what: string, runs: RunRecord[], expected: string | undefined]>([
    ['is unknown where nothing was run', [], undefined],
    ['is the last run of the branch', [earlier('aaaaa2', passed, ofMain), earlier('aaaaa1', failed, ofMain)], 'aaaaa2'],
    ['is not what another pull request proposes for it', [earlier('aaaaa1', passed, {})], undefined],
    ['is not another branch', [earlier('aaaaa1', passed, { ...ofMain, branch: 'next' })], undefined],
    ['is not a part of a run', [earlier('aaaaa1', passed, { ...ofMain, flags: partial })], undefined],
    [
      'is not what we could not finish',
      [earlier('aaaaa2', { verdict: 'errored' }, ofMain), earlier('aaaaa1', passed, ofMain)],
      'aaaaa1',
    ],
    ['is not the run itself', [earlier(queued.id, passed, ofMain)], undefined],
  ])('%s', (_, runs, expected) => {
    expect(of(...runs)).toBe(expected);
  });

  it('says how each of its steps ended', () => {
    expect(beforeOf(queued, { verdict: 'passed', cause: null }, [earlier('aaaaa1', failed, ofMain)]).branch).toEqual({
      name: 'main',
      last: {
        run: 'aaaaa1',
        commit: 'b'.repeat(40),
        verdict: 'failed',
        level: 1,
        failedAt: 'upgrade',
        states: { install: 'pass', upgrade: 'fail' },
        resources: null,
        endedAt: 5_000,
      },
    });
  });
});

describe('another run of the same commit', () => {
  const red = { verdict: 'failed', cause: cause('upgrade') } as const;
  const green = { verdict: 'passed', cause: null } as const;

  it.each<[what: string, ending: typeof red | typeof green, run: RunRecord, expected: string | undefined]>([
    ['that passed the step says otherwise', red, earlier('aaaaa1', passed, {}), 'aaaaa1'],
    ['that failed says otherwise of one that passed', green, earlier('aaaaa1', failed, {}), 'aaaaa1'],
    ['that failed as well says the same', red, earlier('aaaaa1', failed, {}), undefined],
    ['that passed says the same of one that passed', green, earlier('aaaaa1', passed, {}), undefined],
    [
      'that failed at a step after it says otherwise',
      red,
      earlier('aaaaa1', { ...passed, ...{ verdict: 'failed' } }, {}),
      'aaaaa1',
    ],
    ['says nothing where it is another commit', red, earlier('aaaaa1', passed, { commit: 'c'.repeat(40) }), undefined],
    [
      'says nothing where the rules refused it',
      green,
      earlier('aaaaa1', { ...failed, cause: cause('install', 'recipe') }, {}),
      undefined,
    ],
  ])('%s', (_, ending, run, expected) => {
    expect(beforeOf(queued, ending, [run]).otherwise?.run).toBe(expected);
  });

  it('says nothing of a part that did not have the step', () => {
    const part = { ...queued, request: { ...request, flags: partial } };
    expect(beforeOf(part, green, [earlier('aaaaa1', failed, {})]).otherwise).toBeNull();
  });
});
