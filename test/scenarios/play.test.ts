import type { RunRecord } from '@cc-ci/shared/contract/run';
import { describe, expect, it } from 'vitest';
import { breachesOf } from './play.ts';
import type { Scenario } from './scenario.ts';

const scenario: Scenario = {
  name: 'a',
  about: 'a scenario',
  asks: '!testme',
  recipe: '/nowhere',
  before: undefined,
  tests: undefined,
  verdict: 'failed',
  level: 1,
  amber: false,
  base: '1.0.0+1',
  cause: { tier: 'upgrade', fault: 'app', sentence: 'not there' },
  steps: { upgrade: 'fail' },
  says: 'out of ink',
  nothing: true,
};
const run = {
  verdict: 'failed',
  level: 1,
  amber: false,
  base: { version: '1.0.0+1', commit: '' },
  cause: { tier: 'upgrade', fault: 'app', sentence: 'It is not there.' },
  steps: [{ tier: 'upgrade', state: 'fail' }],
  attempts: [{ cleanup: { removed: { services: 0 } } }],
} as unknown as RunRecord;
const said = 'out of ink. Left behind: nothing';
const change = (facts: object): RunRecord => ({ ...run, ...facts });

describe('the judge of scenarios', () => {
  it('has nothing against a run that ended as it had to', () => {
    expect(breachesOf(scenario, run, said, [])).toEqual([]);
  });

  it.each<[what: string, run: RunRecord, said: string, left: string[]]>([
    ['another verdict', change({ verdict: 'passed' }), said, []],
    ['another level', change({ level: 2 }), said, []],
    ['another colour', change({ amber: true }), said, []],
    ['another base', change({ base: null }), said, []],
    ['a second attempt', change({ attempts: [...run.attempts, ...run.attempts] }), said, []],
    ['another fault', change({ cause: { ...run.cause, fault: 'ours' } }), said, []],
    ['another failed step', change({ cause: { ...run.cause, tier: 'install' } }), said, []],
    ['another cause', change({ cause: { ...run.cause, sentence: 'It is late.' } }), said, []],
    ['another step', change({ steps: [{ tier: 'upgrade', state: 'pass' }] }), said, []],
    ['a step that is not there', change({ steps: [] }), said, []],
    ['other words', run, 'Left behind: nothing', []],
    ['no word of the clean-up', run, 'out of ink', []],
    ['something that was made', change({ attempts: [{ cleanup: { removed: { services: 1 } } }] }), said, []],
    ['something that is left', run, said, ['service a']],
  ])('sees %s', (_, seen, words, left) => {
    expect(breachesOf(scenario, seen, words, left)).toHaveLength(1);
  });

  it('sees a cause where there was to be none', () => {
    const { cause: _, ...green } = scenario;
    expect(breachesOf(green, run, said, [])).toHaveLength(1);
  });
});
