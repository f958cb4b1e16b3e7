import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import type { SweepRecord } from '@cc-ci/shared/contract/infra';
import type { RunRecord, RunRequest } from '@cc-ci/shared/contract/run';

type Entry = SweepRecord['entries'][number];

/** What a sweep wants next: one recipe tested, its end written down, or patience. */
export type SweepStep = { do: 'admit'; entry: Entry } | { do: 'wait'; for: string } | { do: 'end' } | { do: 'nothing' };

/** A sweep over all that is enrolled, named after the day on which it starts. @param now Unix milliseconds */
export function newSweep(enrolled: readonly Enrolled[], now: number): SweepRecord {
  const entries = enrolled.map(({ repo }): Entry => ({ repo, recipe: repo.name, run: null, skipped: null }));
  return { v: 1, id: `sweep-${new Date(now).toISOString().slice(0, 10)}`, rev: 0, startedAt: now, endedAt: null, entries };
}

/** Each finished run admits the next. @param runs the sweep's runs, by id; one that is gone has finished long ago */
export function nextStep(sweep: SweepRecord, runs: ReadonlyMap<string, RunRecord>): SweepStep {
  if (sweep.endedAt !== null) return { do: 'nothing' };
  const going = sweep.entries.find(({ run }) => run !== null && runs.has(run) && runs.get(run)?.state !== 'ended');
  if (going?.run) return { do: 'wait', for: going.run };
  const entry = sweep.entries.find(({ run, skipped }) => run === null && skipped === null);
  return entry ? { do: 'admit', entry } : { do: 'end' };
}

/** The sweep with something written behind one of its recipes. */
export function withEntry(sweep: SweepRecord, repoId: number, change: Partial<Pick<Entry, 'run' | 'skipped'>>): SweepRecord {
  return { ...sweep, entries: sweep.entries.map((entry) => (entry.repo.id === repoId ? { ...entry, ...change } : entry)) };
}

/** What a sweep asks for: the tip of the recipe's default branch, tested as any commit is, with nobody to tell. */
export function requestOf(sweep: SweepRecord, enrolled: Enrolled, commit: string): RunRequest {
  return {
    origin: { kind: 'sweep', sweep: sweep.id },
    repo: enrolled.repo,
    cloneUrl: enrolled.cloneUrl,
    recipe: enrolled.repo.name,
    pull: null,
    commit,
    chosen: 'default-branch',
    branch: enrolled.defaultBranch,
    flags: { quick: false, extraTests: false, stages: null },
    by: null,
  };
}
