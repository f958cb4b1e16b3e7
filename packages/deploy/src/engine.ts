import type { ResourceKind } from '@cc-ci/shared/contract/run';
import Dockerode from 'dockerode';
import { z } from 'zod';
import {
  EngineContainer,
  EngineContainerState,
  EngineFile,
  EngineGateway,
  EngineImage,
  EngineInfo,
  type EngineMount,
  EngineMounts,
  EngineNetwork,
  EngineNetworkKind,
  EngineService,
  EngineStats,
  EngineTask,
  EngineVolumes,
} from './engine-answers.ts';
import { EngineUnavailable } from './errors.ts';
import type { Labels } from './labels.ts';

/** Reads and removals take milliseconds; an engine that needs longer than this is taken for hung. */
const CALL_LIMIT_MS = 30_000;
/** Swarm's name for the bridge by which its containers leave the host. */
const GATEWAY_NETWORK = 'docker_gwbridge';
/** What the engine calls a volume that nobody named. */
const nameless = /^[0-9a-f]{64}$/;

/** Anything that can be listed and removed. */
export interface Resource {
  readonly kind: ResourceKind;
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  /** Volumes that nobody named, of a container. */
  readonly anonymousVolumes: readonly string[];
}

/** How the engine refused one request. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  readonly said: string;
}

/** What the engine knows of a container and Swarm does not tell. */
export interface ContainerFacts {
  /** Absent without a health check. */
  readonly health?: { readonly status: string; readonly lastOutput: string };
  readonly outOfMemory: boolean;
  readonly running: boolean;
}

/** What we ask of one Docker engine. Every call throws EngineUnavailable when there is no answer. */
export interface Engine {
  /** The underlying client, for streams. */
  readonly docker: Dockerode;
  info(): Promise<EngineInfo>;
  /** Milliseconds to add to our clock to have the engine's. */
  clockOffset(): Promise<number>;
  services(filter: { readonly label: string }): Promise<EngineService[]>;
  tasks(filter: { readonly services?: readonly string[] }): Promise<EngineTask[]>;
  /** All resources of a kind, or those with a label `name` or `name=value`. */
  list(kind: ResourceKind, filter?: { readonly label: string }): Promise<Resource[]>;
  /** Undefined when it is gone (also when it was before), else why it is not. */
  remove(resource: Pick<Resource, 'kind' | 'id'>): Promise<Refusal | undefined>;
  createSecret(name: string, value: string, labels: Labels): Promise<Refusal | undefined>;
  /** The named volumes that a container mounts, and where; none when it is gone. */
  mounts(id: string): Promise<{ volume: string; path: string }[]>;
  /** Undefined where this host does not have it (any more). */
  container(id: string): Promise<ContainerFacts | undefined>;
  /** The address of this host in the network by which containers of a Swarm leave it; undefined where there is none. */
  gateway(): Promise<string | undefined>;
  /** Undefined where this host has none of this name. */
  network(name: string): Promise<EngineNetworkKind | undefined>;
  /** Undefined where this host does not have it. */
  image(reference: string): Promise<{ id: string; digests: readonly string[]; labels: Labels; bytes: number } | undefined>;
  /** Bytes of memory that a container uses, without what is only kept of files; undefined where it is gone or nobody counts. */
  memory(id: string): Promise<number | undefined>;
}

/** Opens the Engine API at `unix:///path` or `tcp://host:port`; asks nothing yet. */
export function openEngine(dockerHost: string): Engine {
  const docker = new Dockerode(connection(dockerHost));
  const listers: Record<ResourceKind, (options: object) => Promise<Resource[]>> = {
    services: async (options) =>
      z
        .array(EngineService)
        .parse(await docker.listServices(options))
        .map(({ ID, Spec }) => resource('services', ID, Spec.Name, Spec.Labels)),
    containers: async (options) =>
      z
        .array(EngineContainer)
        .parse(await docker.listContainers({ ...options, all: true }))
        .map(({ Id, Names, Labels, Mounts }) => ({
          ...resource('containers', Id, Names[0]?.replace(/^\//, '') ?? Id, Labels),
          anonymousVolumes: Mounts.flatMap(({ Type, Name }) => (Type === 'volume' && Name && nameless.test(Name) ? [Name] : [])),
        })),
    networks: async (options) =>
      z
        .array(EngineNetwork)
        .parse(await docker.listNetworks(options))
        .map(({ Id, Name, Labels }) => resource('networks', Id, Name, Labels)),
    volumes: async (options) =>
      EngineVolumes.parse(await docker.listVolumes(options)).Volumes.map(({ Name, Labels }) =>
        resource('volumes', Name, Name, Labels),
      ),
    secrets: async (options) =>
      z
        .array(EngineFile)
        .parse(await docker.listSecrets(options))
        .map(({ ID, Spec }) => resource('secrets', ID, Spec.Name, Spec.Labels)),
    configs: async (options) =>
      z
        .array(EngineFile)
        .parse(await docker.listConfigs(options))
        .map(({ ID, Spec }) => resource('configs', ID, Spec.Name, Spec.Labels)),
  };
  const removers: Record<ResourceKind, (id: string) => Promise<unknown>> = {
    services: (id) => docker.getService(id).remove(limited()),
    // `v`: the volumes that nobody named go with their container.
    containers: (id) => docker.getContainer(id).remove({ ...limited(), force: true, v: true }),
    networks: (id) => docker.getNetwork(id).remove(limited()),
    volumes: (id) => docker.getVolume(id).remove(limited()),
    secrets: (id) => docker.getSecret(id).remove(limited()),
    configs: (id) => docker.getConfig(id).remove(limited()),
  };

  const info = (): Promise<EngineInfo> =>
    // @ts-expect-error The types do not know its options yet.
    asked('tell about itself', async () => EngineInfo.parse(await docker.info(limited())));

  return {
    docker,
    info,
    clockOffset: async () => (await info()).SystemTime.getTime() - Date.now(),
    services: ({ label }) =>
      asked('list services', async () => {
        const options = { ...limited(), status: true, filters: { label: [label] } };
        return z.array(EngineService).parse(await docker.listServices(options));
      }),
    tasks: ({ services }) =>
      asked('list tasks', async () => {
        const options = { ...limited(), ...(services && { filters: { service: [...services] } }) };
        return z.array(EngineTask).parse(await docker.listTasks(options));
      }),
    list: (kind, filter) =>
      asked(`list ${kind}`, () => listers[kind]({ ...limited(), ...(filter && { filters: { label: [filter.label] } }) })),
    async remove({ kind, id }) {
      const refusal = await refusalOf(`remove ${kind}`, () => removers[kind](id));
      return refusal?.status === 404 ? undefined : refusal;
    },
    createSecret: (Name, value, Labels) =>
      refusalOf('create a secret', () =>
        docker.createSecret({ ...limited(), Name, Labels, Data: Buffer.from(value).toString('base64') }),
      ),
    mounts: (id) =>
      asked('look at a container', async () => {
        const answer = await orMissing(docker.getContainer(id).inspect(limited()));
        return answer === undefined ? [] : EngineMounts.parse(answer).Mounts.flatMap(asNamedVolume);
      }),
    container: (id) =>
      asked('look at a container', async () => {
        const answer = await orMissing(docker.getContainer(id).inspect(limited()));
        if (answer === undefined) return undefined;
        const { Health, OOMKilled, Running } = EngineContainerState.parse(answer).State;
        const health = Health && { status: Health.Status, lastOutput: Health.Log.at(-1)?.Output ?? '' };
        return { ...(health && { health }), outOfMemory: OOMKilled, running: Running };
      }),
    network: (name) =>
      asked('look at a network', async () => {
        const answer = await orMissing(docker.getNetwork(name).inspect());
        return answer === undefined ? undefined : EngineNetworkKind.parse(answer);
      }),
    gateway: () =>
      asked('look at a network', async () => {
        const answer = await orMissing(docker.getNetwork(GATEWAY_NETWORK).inspect());
        return answer === undefined ? undefined : EngineGateway.parse(answer).IPAM.Config[0]?.Gateway;
      }),
    image: (reference) =>
      asked('look at an image', async () => {
        const answer = await orMissing(docker.getImage(reference).inspect());
        if (answer === undefined) return undefined;
        const { Id, RepoDigests, Config, Size } = EngineImage.parse(answer);
        return { id: Id, digests: RepoDigests ?? [], labels: Config?.Labels ?? {}, bytes: Size };
      }),
    memory: (id) =>
      asked('look at a container', async () => {
        const answer = await orMissing(docker.getContainer(id).stats({ stream: false, 'one-shot': true }));
        const { usage, stats } = EngineStats.parse(answer ?? { memory_stats: {} }).memory_stats;
        // What `docker stats` leaves out too, under the names of both kinds of control groups.
        return usage === undefined ? undefined : usage - (stats?.total_inactive_file ?? stats?.inactive_file ?? 0);
      }),
  };
}

function asNamedVolume({ Type, Name, Destination }: EngineMount): { volume: string; path: string }[] {
  return Type === 'volume' && Name && !nameless.test(Name) ? [{ volume: Name, path: Destination }] : [];
}

function resource(kind: ResourceKind, id: string, name: string, labels: Labels): Resource {
  return { kind, id, name, labels, anonymousVolumes: [] };
}

function connection(dockerHost: string): Dockerode.DockerOptions {
  const { protocol, hostname, port, pathname } = URL.canParse(dockerHost)
    ? new URL(dockerHost)
    : { protocol: '', hostname: '', port: '', pathname: '' };
  if (protocol === 'unix:') return { socketPath: pathname };
  if (protocol === 'tcp:' && port) return { protocol: 'http', host: hostname, port };
  throw new EngineUnavailable(
    'be reached',
    `\`${dockerHost}\` is not an address; use unix:///path/to/docker.sock or tcp://host:port.`,
  );
}

function limited(): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(CALL_LIMIT_MS) };
}

/** Errors of the client carry the HTTP status, when there was an answer. */
const Answered = z.object({ statusCode: z.number(), json: z.object({ message: z.string() }).nullish(), message: z.string() });

/** The engine's answer; its refusals and its silence alike are EngineUnavailable. */
async function asked<T>(doing: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw unavailable(doing, error);
  }
}

/** How the engine refused, or undefined when it did not. Silence is EngineUnavailable. */
async function refusalOf(doing: string, ask: () => Promise<unknown>): Promise<Refusal | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    const refusal = answered(error);
    if (refusal) return refusal;
    throw unavailable(doing, error);
  }
}

async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (answered(error)?.status === 404) return undefined;
    throw error;
  }
}

/** The engine's refusal in an error of the client, or undefined when there was no answer. */
export function answered(error: unknown): Refusal | undefined {
  const { data } = Answered.safeParse(error);
  return data && { status: data.statusCode, said: data.json?.message ?? data.message };
}

/** The error for an engine that did not do what it must be able to do. */
export function unavailable(doing: string, cause: unknown): EngineUnavailable {
  if (cause instanceof EngineUnavailable) return cause;
  const said = answered(cause)?.said ?? (cause instanceof Error ? cause.message : String(cause));
  return new EngineUnavailable(doing, said, { cause });
}
