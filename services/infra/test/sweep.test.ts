import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { newRun } from '@cc-ci/shared/runs/new-run';
import { describe, expect, it } from 'vitest';
import { newSweep, nextStep, requestOf, withEntry } from '../src/sweep.ts';

const at3 = Date.UTC(2026, 10, 25, 3);
const enrolled = ['ghost', 'hedgedoc'].map(
  (name, index): Enrolled => ({
    v: 1,
    repo: { id: index + 1, owner: 'coop', name },
    cloneUrl: `https://git.example.org/coop/${name}.git`,
    defaultBranch: 'main',
    private: false,
    seenAt: at3,
  }),
);
const [ghost, hedgedoc] = enrolled as [Enrolled, Enrolled];
const sweep = newSweep(enrolled, at3);
const run = (state: RunRecord['state']): RunRecord => ({
  ...newRun('test', 'aaaaaa', requestOf(sweep, ghost, 'a'.repeat(40)), at3),
  state,
});

describe('what a sweep asks for', () => {
  it('is the branch that pull requests are compared with', () => {
    expect(requestOf(sweep, ghost, 'a'.repeat(40))).toMatchObject({ pull: null, branch: ghost.defaultBranch });
  });
});

describe('a sweep', () => {
  it('is one a day, whoever starts it how often', () => {
    expect(newSweep(enrolled, at3 + 60_000).id).toBe(sweep.id);
    expect(newSweep(enrolled, at3 + 86_400_000).id).not.toBe(sweep.id);
  });

  it('admits the first recipe that has neither a run nor a reason against one', () => {
    expect(nextStep(withEntry(sweep, ghost.repo.id, { skipped: 'no compose.yml' }), new Map())).toMatchObject({
      do: 'admit',
      entry: { recipe: hedgedoc.repo.name },
    });
  });

  it.each(['queued', 'running'] as const)(
    'waits while a run of it is %s, so that people wait for one at most (case 115)',
    (state) => {
      expect(nextStep(withEntry(sweep, ghost.repo.id, { run: 'aaaaaa' }), new Map([['aaaaaa', run(state)]]))).toEqual({
        do: 'wait',
        for: 'aaaaaa',
      });
    },
  );

  it('goes on when that run has ended, and when its record is gone', () => {
    const started = withEntry(sweep, ghost.repo.id, { run: 'aaaaaa' });
    const goesOn = { do: 'admit', entry: { recipe: hedgedoc.repo.name } };
    expect(nextStep(started, new Map([['aaaaaa', run('ended')]]))).toMatchObject(goesOn);
    expect(nextStep(started, new Map())).toMatchObject(goesOn);
  });

  it('ends once, after the last recipe', () => {
    const done = enrolled.reduce((record, { repo }) => withEntry(record, repo.id, { run: 'aaaaaa' }), sweep);
    expect(nextStep(done, new Map())).toEqual({ do: 'end' });
    expect(nextStep({ ...done, endedAt: at3 }, new Map())).toEqual({ do: 'nothing' });
  });
});
