import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cause, CleanUp } from '../../src/contract/run.ts';
import { RunRecord } from '../../src/contract/run.ts';
import { currentAttempt, isSettled, next, type RunEvent } from '../../src/runs/next.ts';
import { after, claim, claimOf, queued } from './example-run.ts';

const ours: Cause = { fault: 'ours', tier: null, sentence: 'The engine does not answer.', evidence: [], remedy: null };
const proven: CleanUp = { state: 'proven', removed: { services: 2 }, left: [], host: 'ci-1', at: 9_000, milliseconds: 4_100 };
const plan: RunEvent = {
  kind: 'planned',
  attempt: 1,
  steps: [
    { tier: 'install', state: 'pending' },
    { tier: 'upgrade', state: 'pending' },
  ],
  version: null,
  base: null,
};
const start = (tier: 'install' | 'upgrade'): RunEvent => ({ kind: 'step-started', attempt: 1, tier, at: 3_000 });
const end = (tier: 'install' | 'upgrade', state: 'pass' | 'fail'): RunEvent => ({
  kind: 'step-ended',
  attempt: 1,
  tier,
  state,
  at: 4_000,
  reason: null,
  note: null,
});
const lost = (attempt: number): RunEvent => ({
  kind: 'attempt-lost',
  attempt,
  why: 'its runner fell silent',
  cause: ours,
  at: 5_000,
  attemptsAllowed: 3,
});
const ended = (verdict: 'passed' | 'failed' | 'errored', attempt = 1): RunEvent => ({
  kind: 'ended',
  attempt,
  verdict,
  cause: null,
  at: 6_000,
});

const wish = (stop: 'cancelled' | 'superseded', at: number) => ({ stop, why: 'asked', by: 'ana', at }) as const;

describe('a run', () => {
  it('is claimed once, and the claim is its first attempt', () => {
    const running = after(queued, claim);
    expect(running.state).toBe('running');
    expect(currentAttempt(running)).toMatchObject({ number: 1, runner: 'runner-1', cleanup: { state: 'pending' } });
    expect(next(running, claim)).toHaveProperty('refused');
  });

  it.each<[title: string, stages: ('install' | 'upgrade')[] | null, level: number | null]>([
    ['all was looked at', null, 2],
    ['a part was looked at', ['install', 'upgrade'], null],
  ])('has a level only where %s', (_, stages, level) => {
    const asked = { ...queued, request: { ...queued.request, flags: { ...queued.request.flags, stages } } };
    const steps = [start('install'), end('install', 'pass'), start('upgrade'), end('upgrade', 'pass')];
    expect(after(asked, claim, plan, ...steps, ended('passed')).level).toBe(level);
  });

  it('ends with a verdict before its clean-up is told, and the clean-up does not change it', () => {
    const done = after(queued, claim, plan, start('install'), end('install', 'pass'), ended('passed'));
    expect(done).toMatchObject({ state: 'ended', verdict: 'passed' });
    expect(isSettled(done)).toBe(false);
    const clean = after(done, { kind: 'cleaned', attempt: 1, cleanup: proven });
    expect(clean.verdict).toBe('passed');
    expect(isSettled(clean)).toBe(true);
  });

  it('counts what did not run as unverified, never as passed', () => {
    const failed = after(queued, claim, plan, start('install'), end('install', 'fail'), ended('failed'));
    expect(failed.steps).toMatchObject([{ state: 'fail' }, { state: 'unver', reason: 'the run had failed before' }]);
    expect(failed.level).toBe(0);
  });

  it('shows no level when our own trouble ended it (case 83)', () => {
    expect(after(queued, claim, plan, start('install'), end('install', 'pass'), ended('errored'))).toMatchObject({
      level: null,
      amber: false,
    });
  });

  it('goes back to the queue when an attempt is lost, with nothing left of what that attempt had seen', () => {
    const again = after(queued, claim, plan, start('install'), lost(1));
    expect(again).toMatchObject({ state: 'queued', steps: [], base: null, attempts: [{ lostTo: 'its runner fell silent' }] });
    expect(currentAttempt(after(again, claimOf(2)))?.number).toBe(2);
  });

  it('is not claimed for an attempt that is not the next one: its stack would bear the name of another', () => {
    expect(next(queued, claimOf(2))).toHaveProperty('refused');
    expect(next(after(queued, claim, lost(1)), claim)).toHaveProperty('refused');
  });

  it('is errored when the last allowed attempt is lost', () => {
    const done = after(queued, claim, lost(1), claimOf(2), lost(2), claimOf(3), lost(3));
    expect(done).toMatchObject({ state: 'ended', verdict: 'errored', cause: ours });
  });

  it('ends as wished when the attempt is lost after somebody asked to stop', () => {
    const done = after(queued, claim, { kind: 'wished', wish: wish('cancelled', 4_500) }, lost(1));
    expect(done).toMatchObject({ state: 'ended', verdict: 'cancelled', cause: null });
  });

  it.each<[string, RunEvent]>([
    ['a step', start('install')],
    ['an end', ended('passed')],
    ['a loss', lost(1)],
    ['a plan', plan],
  ])('refuses %s from an attempt that a newer one has replaced', (_, event) => {
    const second = after(queued, claim, lost(1), claimOf(2));
    expect(next(second, event)).toEqual({ refused: expect.stringContaining('attempt 1 comes too late') });
  });

  it('still hears of the clean-up of an attempt that a newer one has replaced', () => {
    const second = after(queued, claim, lost(1), claimOf(2), { kind: 'cleaned', attempt: 1, cleanup: proven });
    expect(second.attempts.map(({ cleanup }) => cleanup.state)).toEqual(['proven', 'pending']);
  });

  it.each<[string, RunEvent]>([
    ['claimed', claim],
    ['ended again', ended('failed')],
    ['wished to stop', { kind: 'wished', wish: wish('cancelled', 7_000) }],
  ])('cannot be %s once it has ended', (_, event) => {
    expect(next(after(queued, claim, ended('passed')), event)).toHaveProperty('refused');
  });

  it('ends at once by a wish while nobody has claimed it, and is then settled', () => {
    const done = after(queued, { kind: 'wished', wish: wish('superseded', 1_500) });
    expect(done).toMatchObject({ state: 'ended', verdict: 'superseded', endedAt: 1_500 });
    expect(isSettled(done)).toBe(true);
  });

  it('ends by a wish between two attempts, and is settled once the first one is cleaned up', () => {
    const done = after(queued, claim, lost(1), { kind: 'wished', wish: wish('cancelled', 8_000) });
    expect(done).toMatchObject({ state: 'ended', verdict: 'cancelled' });
    expect(isSettled(done)).toBe(false);
    expect(isSettled(after(done, { kind: 'cleaned', attempt: 1, cleanup: proven }))).toBe(true);
  });

  it('stays a valid record, with one verdict at most, whatever happens in whatever order', () => {
    const attempt = fc.integer({ min: 1, max: 3 });
    const event = fc.oneof(
      attempt.map(claimOf),
      attempt.map((each): RunEvent => ({ ...plan, attempt: each })),
      fc
        .record({ attempt, tier: fc.constantFrom('install' as const, 'upgrade' as const) })
        .map(({ attempt: each, tier }) => ({ ...start(tier), attempt: each }) as RunEvent),
      fc
        .record({
          attempt,
          tier: fc.constantFrom('install' as const, 'upgrade' as const),
          state: fc.constantFrom('pass' as const, 'fail' as const),
        })
        .map(({ attempt: each, tier, state }) => ({ ...end(tier, state), attempt: each }) as RunEvent),
      attempt.map(lost),
      fc
        .record({ attempt, verdict: fc.constantFrom('passed' as const, 'failed' as const) })
        .map(({ attempt: each, verdict }) => ended(verdict, each)),
      attempt.map((each): RunEvent => ({ kind: 'cleaned', attempt: each, cleanup: proven })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let run = queued;
        for (const each of events) {
          const changed = next(run, each);
          if ('refused' in changed) continue;
          if (run.verdict) expect(changed.verdict).toBe(run.verdict);
          run = RunRecord.parse(changed);
          expect(run.verdict === null).toBe(run.state !== 'ended');
          expect(run.attempts.length).toBeLessThanOrEqual(3);
        }
      }),
    );
  });
});
