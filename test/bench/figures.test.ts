import { describe, expect, it } from 'vitest';
import { figuresOf, phaseRows } from './figures.ts';
import type { Pair } from './pairs.ts';

const floor = { deploy: 6_000, update: 4_000, remove: 1_000 };
/** A pair whose run needs `more` than the floor up to its verdict, and as long for its removal. */
const pair = (more: number): Pair => ({ floor, run: { ...floor, start: more, verdict: 0 } });

describe('the figures of a contest', () => {
  it('are the medians of the ratios within each pair, with the smallest and the largest', () => {
    expect(figuresOf('smallest', [pair(0), pair(5_000), pair(1_100)])).toEqual([
      { name: 'run-over-floor', value: 1.1, unit: 'ratio', spread: '1 to 1.455', of: 'smallest, 3 pairs' },
      { name: 'verdict-over-floor', value: 1.11, unit: 'ratio', spread: '1 to 1.5', of: 'smallest, 3 pairs' },
    ]);
  });

  it('lie between the middle two of an even number of pairs', () => {
    expect(figuresOf('smallest', [pair(0), pair(1_100)])[0]?.value).toBe(1.05);
  });

  it('come with where the rest goes, phase by phase', () => {
    expect(phaseRows([pair(250)]).map((row) => row.replaceAll(/\s+/g, ' ').trim())).toEqual([
      'let in, claimed, fetched, prepared 250 ms floor 0 ms +250',
      'deploy and converge 6000 ms floor 6000 ms +0',
      'update and converge 4000 ms floor 4000 ms +0',
      'verdict written 0 ms floor 0 ms +0',
      'remove and prove 1000 ms floor 1000 ms +0',
    ]);
  });
});
