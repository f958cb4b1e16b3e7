import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Tier, tiers } from '../../src/contract/glossary.ts';
import { StepState } from '../../src/contract/run.ts';
import { isAmber, levelOf } from '../../src/runs/level.ts';

/** p pass, f fail, s skip, u unverified: install, upgrade, backup, restore, custom, lint. */
const ladder = ['install', 'upgrade', 'backup', 'restore', 'custom', 'lint'] as const;
const letters = { p: 'pass', f: 'fail', s: 'skip', u: 'unver' } as const;
const steps = (marks: string): { tier: Tier; state: 'pass' | 'fail' | 'skip' | 'unver' }[] =>
  [...marks].map((mark, index) => ({ tier: ladder[index] ?? 'extra', state: letters[mark as keyof typeof letters] }));

describe('the level', () => {
  it.each([
    ['pppppp', 5, 'everything passed'],
    ['fuuuuu', 0, 'nothing was installed'],
    ['pfpppp', 1, 'a red step ends the count, whatever passed above it'],
    ['ppsspp', 5, 'a skipped step is stepped over'],
    ['ppuupp', 2, 'a step that did not run is never counted as passed'],
    ['pppfpp', 2, 'backup without restore is no backup'],
    ['pppppu', 4, 'lint is the last'],
    ['ps', 1, 'what was skipped at the top gives nothing'],
    ['ssssss', 0, 'skipping is not passing'],
    ['pppp', 3, 'a rung that was not planned ends the count, since nobody looked'],
    ['', 0, 'nothing was planned'],
  ])('of %s is %i: %s', (marks, level) => {
    expect(levelOf(steps(marks))).toBe(level);
  });

  it('is never lowered by more passing, and never above what passed', () => {
    const state = fc.constantFrom(...StepState.options);
    fc.assert(
      fc.property(fc.tuple(...tiers.map(() => state)), fc.nat(tiers.length - 1), (states, index) => {
        const before = tiers.map((tier, at) => ({ tier, state: states[at] ?? 'unver' }));
        const better = before.map((step, at) => (at === index ? { ...step, state: 'pass' as const } : step));
        expect(levelOf(better)).toBeGreaterThanOrEqual(levelOf(before));
        expect(levelOf(before)).toBeLessThanOrEqual(before.some((step) => step.state === 'pass') ? 5 : 0);
      }),
    );
  });
});

describe('a passed run', () => {
  it.each([
    ['pp', false, 'everything that was planned passed'],
    ['ps', true, 'a step was skipped'],
    ['pppppu', true, 'lint did not run'],
    ['pppppf', true, 'lint is red'],
  ])('%s is amber: %s, because %s', (marks, amber) => {
    expect(isAmber('passed', steps(marks))).toBe(amber);
  });

  it('is not amber for a step that has nothing to test', () => {
    const nothingKept = steps('ppss').map((step) => ({ ...step, intended: step.state === 'skip' }));
    expect(isAmber('passed', nothingKept)).toBe(false);
  });

  it('is the only one that can be amber', () => {
    expect(isAmber('failed', steps('ps'))).toBe(false);
  });
});
