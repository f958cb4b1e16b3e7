import type { ContainerFacts, Engine } from './engine.ts';
import { namespaceLabel } from './labels.ts';
import { readStates, type ServiceState } from './states.ts';

/** States of tasks whose container has ended by itself, or because its health check failed. */
const ended: ReadonlySet<string> = new Set(['complete', 'failed']);

/** All services of the stack with their tasks, now. `endings` is filled with what became of containers that ended. */
export async function look(engine: Engine, stack: string, endings = new Map<string, ContainerFacts>()): Promise<ServiceState[]> {
  const services = await engine.services({ label: `${namespaceLabel}=${stack}` });
  const ids = services.map(({ ID }) => ID);
  // An empty filter would ask for everybody's tasks.
  const tasks = ids.length === 0 ? [] : await engine.tasks({ services: ids });
  for (const { Status } of tasks) {
    const id = Status.ContainerStatus?.ContainerID;
    if (!id || endings.has(id) || !ended.has(Status.State)) continue;
    const facts = await engine.container(id);
    if (facts) endings.set(id, facts);
  }
  return readStates(stack, services, tasks, endings);
}
