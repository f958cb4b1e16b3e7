import { describe, expect, it } from 'vitest';
import { figuresOf, latencyFigure, phaseRows, rateFigure } from './figures.ts';
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

describe('the figures of webhooks', () => {
  it('are the answer that only one in a hundred took longer than', () => {
    const latencies = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(latencyFigure('webhook-p99', '50/s', latencies)).toEqual({
      name: 'webhook-p99',
      value: 198,
      unit: 'ms',
      spread: '1 to 200',
      of: '50/s, 200 deliveries',
    });
  });

  it('are the median of how much is answered while the bare receiver answers one', () => {
    const rates = [
      { ours: 500, bare: 1_000 },
      { ours: 900, bare: 1_000 },
      { ours: 600, bare: 1_000 },
    ];
    expect(rateFigure('webhook-rate-over-bare', rates)).toMatchObject({
      value: 0.6,
      unit: 'ratio',
      spread: '0.5 to 0.9',
      of: '3 pairs',
    });
  });
});
