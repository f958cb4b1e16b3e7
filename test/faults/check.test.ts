import type { Attempt, RunRecord } from '@cc-ci/shared/contract/run';
import { newRun } from '@cc-ci/shared/runs/new-run';
import { describe, expect, it } from 'vitest';
import { breachesIn, type History } from './check.ts';

const attempt = (number: number, cleanup: Attempt['cleanup']['state'] = 'proven'): Attempt => ({
  number,
  runner: 'runner-1',
  host: 'here',
  stack: `prob-00000${number}`,
  domain: 'prob.test',
  startedAt: 1,
  endedAt: 2,
  lostTo: null,
  cleanup:
    cleanup === 'pending' ? { state: cleanup } : { state: cleanup, removed: {}, left: [], host: 'here', at: 3, milliseconds: 1 },
});
const passed: RunRecord = {
  ...newRun(
    'test',
    '8f3a2c',
    {
      origin: { kind: 'comment', commentId: 4, at: 1 },
      repo: { id: 3, owner: 'coop', name: 'probe' },
      cloneUrl: 'http://forge.test/coop/probe.git',
      recipe: 'probe',
      pull: { number: 7, url: 'http://forge.test/coop/probe/pulls/7', baseRef: 'main' },
      commit: 'a'.repeat(40),
      chosen: 'head-at-comment',
      flags: { quick: false, extraTests: false, stages: null },
      by: 'boris',
    },
    1,
  ),
  state: 'ended',
  verdict: 'passed',
  attempts: [attempt(1)],
};
const comment = '**✔ Passed: `aaaaaaaa` of probe installs.**\nLeft behind: nothing.\n[Run](http://ci.test/runs/8f3a2c)';
const good: History = {
  outcomes: [{ kind: 'run', run: '8f3a2c' }],
  runs: [passed],
  said: [comment],
  reactions: ['eyes', '+1'],
  left: [],
  jobs: { intake: 0, runs: 0, reports: 0 },
  harmed: [],
  leases: [],
};

describe('a history', () => {
  it('in which everything was kept has no breach', () => {
    expect(breachesIn(good)).toEqual([]);
    const second = { ...passed, attempts: [attempt(1), attempt(2)] };
    expect(breachesIn({ ...good, runs: [second], said: [`${comment}\nThis is of attempt 2.`] })).toEqual([]);
  });

  it.each<[title: string, change: Partial<History>, breach: RegExp]>([
    ['without an outcome', { outcomes: [] }, /0 outcomes/],
    ['with two outcomes', { outcomes: [...good.outcomes, ...good.outcomes] }, /2 outcomes/],
    ['without a run', { runs: [] }, /0 runs/],
    ['with two runs', { runs: [passed, passed] }, /2 runs/],
    ['whose run goes on', { runs: [{ ...passed, state: 'running', verdict: null }] }, /ended as running/],
    ['whose run is red', { runs: [{ ...passed, verdict: 'failed' }] }, /ended as failed/],
    ['whose clean-up is pending', { runs: [{ ...passed, attempts: [attempt(1, 'pending')] }] }, /attempt 1 is not proven/],
    [
      'whose first attempt was not cleaned up',
      { runs: [{ ...passed, attempts: [attempt(1, 'remaining'), attempt(2)] }] },
      /1 is not/,
    ],
    ['without a comment', { said: [] }, /0 comments/],
    ['with a comment left over', { said: [comment, 'Testing'] }, /2 comments/],
    ['whose comment says something else', { said: [comment.replace('Passed', 'Failed')] }, /does not say that the run passed/],
    ['whose comment keeps silent about the clean-up', { said: [comment.replace('nothing', '2 things')] }, /nothing is left/],
    ['whose comment hides an attempt', { runs: [{ ...passed, attempts: [attempt(1), attempt(2)] }] }, /this is attempt 2/],
    ['without eyes', { reactions: ['+1'] }, /eyes/],
    ['without a thumb', { reactions: ['eyes'] }, /\+1/],
    ['with something on the engine', { left: ['prob-000001_app'] }, /prob-000001_app/],
    ['with a held lease', { leases: ['8f3a2c'] }, /leased: 8f3a2c/],
    ['with a job', { jobs: { reports: 1 } }, /reports still has 1/],
    ['in which a neighbour was harmed', { harmed: ['inkp-abcdef_data'] }, /inkp-abcdef_data/],
  ])('%s has a breach', (_, change, breach) => {
    expect(breachesIn({ ...good, ...change }).join(' ')).toMatch(breach);
  });
});
