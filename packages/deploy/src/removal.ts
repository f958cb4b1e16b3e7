import { type ResourceKind, resourceKinds } from '@cc-ci/shared/contract/run';
import { hangBell } from './bell.ts';
import type { App, Leftover, Removal } from './deployer.ts';
import type { Engine, Resource } from './engine.ts';
import { belongsTo } from './labels.ts';

/** Swarm and the engine end things without always saying so. */
const LOOK_AGAIN_MS = 200;
/** A request of a deployment that was interrupted has arrived within this. Milliseconds. */
const LAST_LOOK_MS = 50;

/** What one search found of an app. */
interface Sight {
  readonly resources: readonly Resource[];
  /** Tasks whose container is still to come. */
  readonly tasks: number;
}

/** States of a task that can still bring a container, also when its service is gone. Swarm forgets the others seconds later, and nothing comes of them. */
const beforeItsContainer: ReadonlySet<string> = new Set([
  'new',
  'pending',
  'assigned',
  'accepted',
  'preparing',
  'ready',
  'starting',
]);

/** See Deployer.remove. */
export async function removeApp(
  engine: Engine,
  app: Pick<App, 'stack' | 'owner'>,
  signal: AbortSignal,
  keep: readonly ResourceKind[] = [],
): Promise<Removal> {
  const kinds = resourceKinds.filter((kind) => !keep.includes(kind));
  const known = new Map<string, Resource>();
  const refusals = new Map<string, string>();
  using bell = await hangBell(engine, app.stack);
  for (let quiet = 0; ; ) {
    const sight = await search(engine, app, { kinds, known });
    for (const resource of sight.resources) known.set(keyOf(resource), resource);
    // Twice in a row: a deployment that was interrupted may have had a request on its way.
    quiet = sight.resources.length === 0 && sight.tasks === 0 ? quiet + 1 : 0;
    if (quiet === 2 || signal.aborted) return summary(known, sight, refusals);
    for (const { resource, said } of await strike(engine, sight.resources)) refusals.set(keyOf(resource), said);
    await bell.rung(quiet === 1 ? LAST_LOOK_MS : LOOK_AGAIN_MS, signal).catch(() => undefined);
  }
}

/** Everything of the app that is there now: each kind is listed whole, so that labels and names are both searched. */
async function search(
  engine: Engine,
  app: Pick<App, 'stack' | 'owner'>,
  { kinds, known }: { kinds: readonly ResourceKind[]; known: ReadonlyMap<string, Resource> },
): Promise<Sight> {
  const [lists, tasks] = await Promise.all([Promise.all(kinds.map((kind) => engine.list(kind))), engine.tasks({})]);
  const all = lists.flat();
  const own = all.filter((resource) => resource.kind !== 'volumes' && belongsTo(app, resource));
  const nameless = new Set([...known.values(), ...own].flatMap(({ anonymousVolumes }) => anonymousVolumes));
  const volumes = all.filter(
    (resource) => resource.kind === 'volumes' && (nameless.has(resource.name) || belongsTo(app, resource)),
  );
  const coming = tasks.filter(
    ({ Spec, Status }) =>
      beforeItsContainer.has(Status.State) && belongsTo(app, { name: '', labels: Spec.ContainerSpec?.Labels ?? {} }),
  );
  return { resources: [...own, ...volumes], tasks: coming.length };
}

/** Removes what can be removed now, in the order in which things hold each other. Gives the refusals. */
async function strike(engine: Engine, resources: readonly Resource[]): Promise<{ resource: Resource; said: string }[]> {
  const of = (kind: ResourceKind) => resources.filter((resource) => resource.kind === kind);
  const removeAll = async (some: readonly Resource[]) => {
    const answers = await Promise.all(some.map(async (resource) => ({ resource, refusal: await engine.remove(resource) })));
    return answers.flatMap(({ resource, refusal }) => (refusal ? [{ resource, said: refusal.said }] : []));
  };
  // Without its service no container comes back; without waiting for Swarm's grace, none lingers.
  const services = await removeAll(of('services'));
  const containers = await removeAll(of('containers'));
  const rest = await removeAll(resources.filter(({ kind }) => kind !== 'services' && kind !== 'containers'));
  return [...services, ...containers, ...rest];
}

function summary(known: ReadonlyMap<string, Resource>, last: Sight, refusals: ReadonlyMap<string, string>): Removal {
  const here = new Set(last.resources.map(keyOf));
  const gone = [...known.values()].filter((resource) => !here.has(keyOf(resource)));
  const count = (kind: ResourceKind) => gone.filter((resource) => resource.kind === kind).length;
  return {
    removed: {
      services: count('services'),
      containers: count('containers'),
      networks: count('networks'),
      volumes: count('volumes'),
      secrets: count('secrets'),
      configs: count('configs'),
    },
    left: [...last.resources.map((resource) => leftover(resource, refusals.get(keyOf(resource)))), ...heldBack(last)],
  };
}

/** Swarm's word that a container may still come. */
function heldBack({ tasks, resources }: Sight): Leftover[] {
  if (tasks === 0 || resources.length > 0) return [];
  return [{ kind: 'containers', name: `${tasks} of Swarm's tasks`, why: 'Swarm has not ended them yet' }];
}

function leftover({ kind, name }: Resource, refusal: string | undefined): Leftover {
  return {
    kind,
    name,
    why: refusal === undefined ? 'there was no time left to remove it' : `the engine said: ${refusal.trim()}`,
  };
}

function keyOf({ kind, id }: Resource): string {
  return `${kind} ${id}`;
}
