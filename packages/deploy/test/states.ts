import type { ServiceState, TaskState } from '../src/states.ts';

let tasks = 0;

/** A task as it should be: current, alive and running; differences as given. */
export const task = (given: Partial<TaskState>): TaskState => ({
  id: `task-${++tasks}`,
  current: true,
  alive: true,
  state: 'running',
  refused: false,
  error: undefined,
  exitCode: undefined,
  container: undefined,
  ended: undefined,
  createdAt: 0,
  since: 0,
  ...given,
});

/** A service of commit `new` with one replica; differences as given. */
export const service = (given: Partial<ServiceState>): ServiceState => ({
  name: 'app',
  commit: 'new',
  image: 'image',
  mode: 'replicated',
  wanted: 1,
  restarts: 'any',
  monitorMs: 0,
  update: undefined,
  tasks: [],
  ...given,
});
