import { describe, expect, it } from 'vitest';
import { Results } from '../../src/contract/results.ts';
import type { RunRecord } from '../../src/contract/run.ts';
import type { RunEvent } from '../../src/runs/next.ts';
import { resultsOf } from '../../src/runs/results.ts';
import { after, claim, queued } from './example-run.ts';

type Ended = Extract<RunEvent, { kind: 'step-ended' }>;
const step = (tier: Ended['tier'], state: Ended['state'], more: Partial<Ended> = {}): RunEvent[] => [
  { kind: 'step-started', attempt: 1, tier, at: 3_000 },
  { kind: 'step-ended', attempt: 1, tier, state, at: 4_500, reason: null, note: null, ...more },
];
const finding = { rule: 'R011', severity: 'error', file: 'compose.smtp.yml', line: 4, problem: 'p', remedy: 'r' } as const;
const planned: RunEvent = {
  kind: 'planned',
  attempt: 1,
  steps: [
    { tier: 'lint', state: 'pending' },
    { tier: 'install', state: 'pending' },
    { tier: 'upgrade', state: 'skip', reason: 'there is no earlier version', intended: false },
    { tier: 'backup', state: 'skip', reason: 'it keeps nothing', intended: true },
    { tier: 'restore', state: 'skip', reason: 'it keeps nothing', intended: true },
    { tier: 'custom', state: 'pending' },
  ],
  version: '1.2.0+3.4.5',
  base: null,
};
const running = after(queued, claim, planned);
const whole = after(
  running,
  ...step('lint', 'fail', { findings: [finding], note: '1 error' }),
  ...step('install', 'pass'),
  ...step('custom', 'pass', { tests: [{ name: 'test_home', state: 'pass', said: '' }] }),
  { kind: 'ended', attempt: 1, verdict: 'passed', cause: null, at: 6_000 },
);
const proven: RunEvent = {
  kind: 'cleaned',
  attempt: 1,
  cleanup: { state: 'proven', removed: { services: 2 }, left: [], host: 'ci-1', at: 9_000, milliseconds: 4_100 },
};
const of = (run: RunRecord): Results => Results.parse(resultsOf(run));

describe('the results of a run', () => {
  it('say for tools what its comment says for people', () => {
    expect(of(after(whole, proven))).toMatchObject({
      schema: 2,
      version: '1.2.0+3.4.5',
      verdict: 'passed',
      level: 4,
      amber: true,
      rungs: { install: 'pass', upgrade: 'skip', backup_restore: 'skip', functional: 'pass', lint: 'fail' },
      skips: { intentional: { backup: 'it keeps nothing', restore: 'it keeps nothing' }, unintentional: ['upgrade'] },
      lint: { status: 'fail', findings: [finding] },
      customization: { tests: { custom: 1 } },
      flags: { clean_teardown: true },
      finished: '1970-01-01T00:00:06.000Z',
    });
    expect(of(whole).stages.find(({ name }) => name === 'custom')).toMatchObject({
      seconds: 1.5,
      tests: [{ name: 'test_home' }],
    });
  });

  it.each<[cleanup: string, run: RunRecord, clean: boolean | null]>([
    ['is not proven yet', whole, null],
    ['is proven', after(whole, proven), true],
    [
      'has left something',
      after(whole, {
        ...proven,
        cleanup: { state: 'remaining', removed: {}, left: ['a'], host: 'ci-1', at: 9_000, milliseconds: 1 },
      }),
      false,
    ],
  ])('say whether the clean-up %s', (_, run, clean) => {
    expect(of(run).flags.clean_teardown).toBe(clean);
  });

  it('say of what did not run that it did not', () => {
    const dead = after(running, { kind: 'ended', attempt: 1, verdict: 'errored', cause: null, at: 6_000 });
    expect(of(dead)).toMatchObject({
      level: null,
      rungs: { install: 'unver', upgrade: 'skip', functional: 'unver', lint: 'unver' },
    });
  });

  it('of a run that nobody began are those of no step', () => {
    const wish = { stop: 'cancelled', why: 'asked', by: 'ana', at: 5_000 } as const;
    expect(of(after(queued, { kind: 'wished', wish }))).toMatchObject({ stages: [], cleanup: null, attempts: 0 });
  });

  it('are none while it goes on', () => {
    expect(resultsOf(running)).toBeUndefined();
  });
});
