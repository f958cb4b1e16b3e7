import { isDeepStrictEqual } from 'node:util';
import type { ContainerFacts } from './engine.ts';
import type { EngineService, EngineTask } from './engine-answers.ts';
import { commitLabel } from './labels.ts';

const NANOSECONDS_PER_MS = 1_000_000;

/** One service with its tasks, in our words. Times are the engine's, in milliseconds since 1970. */
export interface ServiceState {
  /** Name in the recipe, without the stack. */
  readonly name: string;
  readonly commit: string | undefined;
  readonly image: string;
  /** `job`: runs to its end, `wanted` times. */
  readonly mode: 'replicated' | 'global' | 'job';
  /** Tasks that should run, or for a job, succeed. */
  readonly wanted: number;
  readonly restarts: 'any' | 'on-failure' | 'none';
  /** As the recipe says it; 0 when it does not. Swarm watches updates for 5 s then. */
  readonly monitorMs: number;
  readonly update: { readonly state: string; readonly message: string } | undefined;
  readonly tasks: readonly TaskState[];
}

export interface TaskState {
  readonly id: string;
  /** Made from the service's present spec, not an older one. */
  readonly current: boolean;
  /** Swarm still wants it to run. */
  readonly alive: boolean;
  /** Swarm's word: new, pending, assigned, accepted, preparing, ready, starting, running, complete, failed, rejected … */
  readonly state: string;
  readonly error: string | undefined;
  /** The engine could not even start its container. */
  readonly refused: boolean;
  readonly exitCode: number | undefined;
  /** The container's id, once there is one. */
  readonly container: string | undefined;
  /** What its container was when it ended, where that has been looked up. */
  readonly ended: ContainerFacts | undefined;
  readonly createdAt: number;
  /** Since when it is in `state`. */
  readonly since: number;
}

/** What is known of ended containers, by their ids. */
export type Endings = ReadonlyMap<string, ContainerFacts>;

/** Reads a stack's services, by name, and their tasks as the engine listed them. */
export function readStates(
  stack: string,
  services: readonly EngineService[],
  tasks: readonly EngineTask[],
  endings: Endings = new Map(),
): ServiceState[] {
  const states = services.map((service): ServiceState => {
    const { Spec, UpdateStatus } = service;
    const own = tasks.filter(({ ServiceID }) => ServiceID === service.ID);
    return {
      name: Spec.Name.slice(stack.length + 1),
      commit: Spec.Labels[commitLabel],
      image: Spec.TaskTemplate.ContainerSpec?.Image ?? '',
      ...wantedOf(service),
      restarts: restartsOf(service),
      monitorMs: (Spec.UpdateConfig?.Monitor ?? 0) / NANOSECONDS_PER_MS,
      update: UpdateStatus?.State === undefined ? undefined : { state: UpdateStatus.State, message: UpdateStatus.Message ?? '' },
      tasks: own.map((task) => readTask(service, task, endings)),
    };
  });
  return states.toSorted((a, b) => a.name.localeCompare(b.name));
}

function wantedOf({ Spec: { Mode }, ServiceStatus }: EngineService): Pick<ServiceState, 'mode' | 'wanted'> {
  if (Mode.ReplicatedJob)
    return { mode: 'job', wanted: Mode.ReplicatedJob.TotalCompletions ?? Mode.ReplicatedJob.MaxConcurrent ?? 1 };
  if (Mode.GlobalJob) return { mode: 'job', wanted: ServiceStatus?.DesiredTasks ?? 1 };
  if (Mode.Global) return { mode: 'global', wanted: ServiceStatus?.DesiredTasks ?? 0 };
  return { mode: 'replicated', wanted: Mode.Replicated?.Replicas ?? 1 };
}

function restartsOf({ Spec }: EngineService): ServiceState['restarts'] {
  const condition = Spec.TaskTemplate.RestartPolicy?.Condition;
  return condition === 'none' || condition === 'on-failure' ? condition : 'any';
}

function readTask(service: EngineService, task: EngineTask, endings: Endings): TaskState {
  const { Status } = task;
  // The engine gives what it could not start an exit code of its own invention.
  const refused = Status.State === 'rejected' || (Status.Err?.startsWith('starting container failed') ?? false);
  const container = Status.ContainerStatus?.ContainerID || undefined;
  return {
    id: task.ID,
    current: isCurrent(service, task),
    alive: ['running', 'ready', 'complete'].includes(task.DesiredState),
    state: Status.State,
    error: Status.Err || undefined,
    refused,
    exitCode: refused ? undefined : Status.ContainerStatus?.ExitCode,
    container,
    ended: container === undefined ? undefined : endings.get(container),
    createdAt: task.CreatedAt.getTime(),
    since: Status.Timestamp.getTime(),
  };
}

/** What makes a task the task it is. Not its placement, which Swarm fills in, nor `Runtime`, which tasks leave out. */
const taskParts = ['ContainerSpec', 'Networks', 'Resources', 'RestartPolicy', 'LogDriver', 'ForceUpdate'] as const;

/** As Swarm itself decides whether a task must be replaced: by its spec, and for a job by its iteration. */
function isCurrent(service: EngineService, task: EngineTask): boolean {
  const iteration = service.JobStatus?.JobIteration?.Index ?? 0;
  if ((task.JobIteration?.Index ?? 0) !== iteration) return false;
  return taskParts.every((part) => isDeepStrictEqual(task.Spec[part], service.Spec.TaskTemplate[part]));
}
