import type { RunRecord } from '@cc-ci/shared/contract/run';
import { newRun } from '@cc-ci/shared/runs/new-run';
import { describe, expect, it } from 'vitest';
import { runsElsewhere, runsToStop } from '../src/stopping.ts';

const word = { at: 5_000, commentId: 50, by: 'ana' };
const request: RunRecord['request'] = {
  origin: { kind: 'comment', commentId: 40, at: 4_000 },
  repo: { id: 3, owner: 'coop', name: 'hedgedoc' },
  cloneUrl: 'https://git.example.org/coop/hedgedoc.git',
  recipe: 'hedgedoc',
  pull: { number: 7, url: 'https://git.example.org/coop/hedgedoc/pulls/7', baseRef: 'main' },
  commit: 'a'.repeat(40),
  chosen: 'head-at-comment',
  flags: { quick: false, extraTests: false, stages: null },
  by: 'boris',
};
const run = (origin: RunRecord['request']['origin'], change: Partial<RunRecord> = {}): RunRecord => ({
  ...newRun('test', 'aaaaaa', { ...request, origin }, 4_000),
  ...change,
});
const comment = (commentId: number, at: number) => ({ kind: 'comment', commentId, at }) as const;
const wish = (by: string, at: number): Partial<RunRecord> => ({
  wish: { stop: 'cancelled', why: 'asked', by, at },
  state: 'ended',
});

describe('a run is stopped by a word', () => {
  it.each<[what: string, run: RunRecord, meant: boolean]>([
    ['that was written after it was asked for', run(comment(40, 4_000)), true],
    ['not where it was asked for later', run(comment(60, 6_000)), false],
    ['of the same second, where its comment comes before', run(comment(49, 5_000)), true],
    ['of the same second, not where its comment comes after', run(comment(51, 5_000)), false],
    ['also where a tool asked for it', run({ kind: 'api', key: 'x' }), true],
    ['not where it is over', run(comment(40, 4_000), { state: 'ended' }), false],
    ['not where another word stopped it', run(comment(40, 4_000), wish('boris', 4_500)), false],
    ['also where this very word did before', run(comment(40, 4_000), wish('ana', 5_100)), true],
  ])('%s', (_, each, meant) => {
    expect(runsToStop([each], word)).toHaveLength(meant ? 1 : 0);
  });
});

describe('what somebody has elsewhere', () => {
  const elsewhere = (change: Partial<RunRecord>, by: string | null = 'Ana'): RunRecord => {
    const own = run(comment(40, 4_000), { subject: 'pull-3-8', ...change });
    return { ...own, request: { ...own.request, by } };
  };

  it.each<[what: string, run: RunRecord, counts: boolean]>([
    ['is what waits or runs for another pull request', elsewhere({}), true],
    ['is not what is over', elsewhere({ state: 'ended' }), false],
    ['is not what was told to stop', elsewhere({ wish: { stop: 'cancelled', why: 'asked', by: 'ana', at: 1 } }), false],
    ['is not what the request takes the place of', elsewhere({ subject: 'pull-3-7' }), false],
    ['is not what others asked for', elsewhere({}, 'boris'), false],
    ['is not what nobody asked for', elsewhere({}, null), false],
  ])('%s', (_, each, counts) => {
    expect(runsElsewhere([each], 'ana', 'pull-3-7')).toHaveLength(counts ? 1 : 0);
  });
});
