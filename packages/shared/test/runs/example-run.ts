import type { RunRecord, RunRequest } from '../../src/contract/run.ts';
import { newRun } from '../../src/runs/new-run.ts';
import { next, type RunEvent } from '../../src/runs/next.ts';

export const request: RunRequest = {
  origin: { kind: 'comment', commentId: 404, at: 1_000 },
  repo: { id: 3, owner: 'coop', name: 'hedgedoc' },
  cloneUrl: 'https://git.example.org/coop/hedgedoc.git',
  recipe: 'hedgedoc',
  pull: { number: 7, url: 'https://git.example.org/coop/hedgedoc/pulls/7', baseRef: 'main' },
  commit: 'a'.repeat(40),
  chosen: 'head-at-comment',
  flags: { quick: false, extraTests: false, stages: null },
  by: 'boris',
};

export const queued: RunRecord = newRun('test', '8f3a2c', request, 1_000);

export const claim: Extract<RunEvent, { kind: 'claimed' }> = {
  kind: 'claimed',
  attempt: 1,
  runner: 'runner-1',
  host: 'ci-1',
  stack: 'hedg-8f3a2c',
  domain: 'hedg-8f3a2c.ci.example.org',
  at: 2_000,
};

/** The same runner's claim of a later attempt. */
export const claimOf = (attempt: number): typeof claim => ({ ...claim, attempt });

/** The record after these events, each of which must be accepted. */
export function after(run: RunRecord, ...events: readonly RunEvent[]): RunRecord {
  return events.reduce((record, event) => {
    const changed = next(record, event);
    if ('refused' in changed) throw new Error(changed.refused);
    return changed;
  }, run);
}
