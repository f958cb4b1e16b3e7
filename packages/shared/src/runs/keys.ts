import type { RunId, Subject } from '../contract/ids.ts';

/**
 * Where one instance keeps its things in Redis. The braces make it one slot of a cluster, so that scripts may touch
 * several keys; the instance's name lets two of them share one Redis.
 */
export function keysOf(instance: string) {
  const prefix = `{cc-ci-${instance}}`;
  // A word that no queue is called by: BullMQ keeps a job under `<prefix>:<queue>:<job id>`.
  const key = (...parts: readonly (string | number)[]): string => [prefix, 'store', ...parts].join(':');
  return {
    /** Of BullMQ's queues. */
    queuePrefix: prefix,
    run: (id: RunId) => key('run', id),
    lease: (id: RunId) => key('lease', id),
    log: (id: RunId) => key('log', id),
    /** Every run, scored by its creation. */
    runs: key('runs'),
    /** Runs that somebody still has to do something about: not ended, or not proven clean. */
    openRuns: key('open-runs'),
    runsOf: (subject: Subject) => key('runs-of', subject),
    /** Runs of one repository, by its id, scored by their creation. */
    runsOfRepo: (repo: number) => key('runs-of-repo', repo),
    intake: (id: string) => key('intake', id),
    /** Comments that were seen and have no outcome yet. */
    pendingIntake: key('pending-intake'),
    /** Every comment that has its outcome, scored by when that was recorded. */
    comments: key('comments'),
    commentsOf: (subject: Subject) => key('comments-of', subject),
    /** Subjects that changed and have not been reported since, scored by the count of their last change. */
    changed: key('changed-subjects'),
    /** Counts changes, so that two in one millisecond are told apart. */
    changes: key('changes'),
    /** What the reporter remembers of what it said about a subject. */
    said: (subject: Subject) => key('said', subject),
    ledger: (host: string) => key('ledger', host),
    cursor: (owner: string) => key('cursor', owner),
    /** Recipes that are watched, by repository id. */
    enrolled: key('enrolled'),
    heartbeats: key('heartbeats'),
    /** Hosts that take no more runs, each with the time since when. */
    drained: key('drained'),
    /** The engine behind each host's name. */
    engines: key('engines'),
    /** Whose turn it is to look for what dead runs left on a host. */
    reaper: (host: string) => key('reaper', host),
    sweep: (id: string) => key('sweep', id),
    sweeps: key('sweeps'),
    /** Made once in the life of this Redis's data. Another value: the data was lost. */
    epoch: key('epoch'),
  } as const;
}
export type Keys = ReturnType<typeof keysOf>;
