import type { NotConvergedReason } from './errors.ts';
import type { ServiceState, TaskState } from './states.ts';

/** What one look at one service says about the release it should run. */
export type Assessment =
  /** All its tasks run the release, the youngest since then; it has to hold that for so long. */
  | { readonly is: 'steady'; readonly since: number; readonly holdMs: number }
  | { readonly is: 'moving'; readonly what: string }
  /** Wrong, but Swarm passes through this for moments too. */
  | { readonly is: 'suspect'; readonly reason: NotConvergedReason; readonly what: string }
  /** Swarm itself has given the release up. */
  | { readonly is: 'doomed'; readonly reason: NotConvergedReason; readonly what: string }
  /** The engine does not do its part; the release is not to blame. */
  | { readonly is: 'blocked'; readonly what: string };

/** A task of the release that ended although it should have gone on. */
export interface Failure {
  readonly task: string;
  readonly reason: 'crash-loop' | 'unhealthy' | 'rejected';
  readonly exitCode: number | undefined;
  readonly said: string | undefined;
  readonly outOfMemory: boolean;
  readonly at: number;
  /** How long the task lasted, in milliseconds. */
  readonly lastedMs: number;
}

/** Tasks in these states are on their way, in this order; the words are for people. */
const onTheWay: Readonly<Record<string, string>> = {
  new: 'waits for a network address',
  pending: 'waits for a node',
  assigned: 'is on its way to a node',
  accepted: 'is on its way to a node',
  preparing: 'gets its image and volumes ready',
  ready: 'waits to be started',
  starting: 'has started, its health check has not passed yet',
  // Of a job: other services then stand.
  running: 'runs, and has to end',
};

/** A service that once failed after a while is held for that while too, but no longer than this. */
const MOST_EXTRA_HOLD_MS = 60_000;

/** Swarm gives addresses within milliseconds; without free subnets it waits for ever and says nothing. */
const ADDRESS_LIMIT_MS = 30_000;

/** What a service should run, and for how long it has to stand. */
export interface Expected {
  readonly commit: string;
  readonly holdMs: number;
}

/** Judges one service by one look at `now`. `failures`: those seen so far, also of tasks that Swarm has forgotten. */
export function assess(
  service: ServiceState,
  { commit, holdMs }: Expected,
  failures: readonly Failure[],
  now: number,
): Assessment {
  const stopped = failures.at(-1);
  if (service.commit !== commit) return otherSpec(service, stopped);
  const { update } = service;
  if (update?.state === 'paused')
    return { is: 'suspect', reason: 'paused', what: because('was left half updated by Swarm', stopped, update.message) };
  const current = service.tasks.filter((task) => task.current);
  const addressless = current.find((task) => task.state === 'new' && now - task.since > ADDRESS_LIMIT_MS);
  if (addressless) return { is: 'blocked', what: 'gets no network address: this host may have no free subnets left' };
  const unplaced = current.find((task) => task.alive && task.state === 'pending' && task.error);
  if (unplaced) return { is: 'suspect', reason: 'unschedulable', what: sentence('finds no node', unplaced.error) };
  if (service.mode === 'global' && service.wanted === 0) {
    return { is: 'suspect', reason: 'unschedulable', what: 'finds no node: none meets its placement constraints' };
  }
  const standing = current.filter((task) => stands(service, task));
  if (standing.length < service.wanted) return unfinished(service, current, standing.length, failures);
  if (update?.state === 'updating') return { is: 'moving', what: 'runs; Swarm still watches the update' };
  if (service.mode !== 'job' && service.tasks.some((task) => !task.current && task.state === 'running' && task.alive)) {
    return { is: 'moving', what: 'runs; the old version has not stopped yet' };
  }
  const longest = Math.max(0, ...failures.map(({ lastedMs }) => lastedMs));
  return {
    is: 'steady',
    since: Math.max(0, ...standing.map(({ since }) => since)),
    holdMs: service.mode === 'job' ? 0 : Math.max(service.monitorMs, holdMs) + Math.min(longest, MOST_EXTRA_HOLD_MS),
  };
}

/** The tasks of the release that ended although they should not have, oldest first. */
export function failuresOf(service: ServiceState): Failure[] {
  return service.tasks
    .filter((task) => isFailure(service, task) && (task.current || isCulprit(service, task)))
    .map((task) => ({
      task: task.id,
      reason: reasonOf(task),
      exitCode: task.exitCode,
      said: task.error,
      outOfMemory: task.ended?.outOfMemory ?? false,
      at: task.since,
      lastedMs: task.since - task.createdAt,
    }))
    .toSorted((a, b) => a.at - b.at);
}

/** The service carries another commit's stamp: the update has not begun, or Swarm has gone back. */
function otherSpec({ update }: ServiceState, stopped: Failure | undefined): Assessment {
  if (update?.state.startsWith('rollback')) {
    return {
      is: 'doomed',
      reason: 'rolled-back',
      what: because('was put back to the version before by Swarm', stopped, update.message),
    };
  }
  return { is: 'moving', what: 'waits for Swarm to take the new version' };
}

function unfinished(
  service: ServiceState,
  current: readonly TaskState[],
  standing: number,
  failures: readonly Failure[],
): Assessment {
  const coming = current.filter((task) => task.alive && !stands(service, task) && Object.hasOwn(onTheWay, task.state));
  const last = failures.at(-1);
  if (coming.length === 0 && last && service.update?.state !== 'updating') {
    return { is: 'suspect', reason: last.reason, what: `${ending(last)}, and Swarm does not start it again` };
  }
  const step = coming.map((task) => onTheWay[task.state]).at(0) ?? 'waits for Swarm to start it';
  const count = service.wanted === 1 ? step : `${standing} of ${service.wanted} run; the next ${step}`;
  return { is: 'moving', what: last ? `${count} (before that it ${ending(last)})` : count };
}

/** Running and healthy, or ended as it was meant to. Swarm calls a task `running` only once its health check has passed. */
function stands(service: ServiceState, task: TaskState): boolean {
  if (task.state === 'complete') return !isFailure(service, task);
  return service.mode !== 'job' && task.alive && task.state === 'running';
}

function isFailure(service: ServiceState, task: TaskState): boolean {
  // What has a health check is a server: it was not meant to end, and the engine ends the unhealthy ones.
  if (task.state === 'complete')
    return service.mode !== 'job' && (service.restarts === 'any' || task.ended?.health !== undefined);
  return task.state === 'failed' || task.state === 'rejected';
}

/**
 * Swarm names the task for which it stops an update. Once it has gone back it names none, but then the tasks that are not of the
 * present spec are those of the release.
 */
function isCulprit({ update }: ServiceState, task: TaskState): boolean {
  return update !== undefined && (update.state.startsWith('rollback') || update.message.includes(task.id));
}

function reasonOf(task: TaskState): Failure['reason'] {
  if (task.refused) return 'rejected';
  return task.ended?.health?.status === 'unhealthy' ? 'unhealthy' : 'crash-loop';
}

/** How a task ended, after the name of its service. */
export function ending({ reason, exitCode, said, outOfMemory }: Failure): string {
  if (reason === 'rejected') return sentence('was refused by the engine', said);
  if (reason === 'unhealthy') return 'was ended because its health check failed';
  return exitCode === undefined
    ? sentence('ended', said)
    : `ended with exit code ${exitCode}${outOfMemory ? ', out of memory' : ''}`;
}

function because(what: string, stopped: Failure | undefined, said: string): string {
  return stopped ? `${what}: it ${ending(stopped)}` : sentence(what, said);
}

function sentence(what: string, said: string | undefined): string {
  return said ? `${what}: ${said}` : what;
}
