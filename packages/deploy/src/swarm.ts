import { join } from 'node:path';
import { resourceKinds } from '@cc-ci/shared/contract/run';
import { applyRelease, makeReady } from './apply.ts';
import { leaveCanary, readCanary } from './canary.ts';
import { converge } from './converge.ts';
import { copyIn, copyOut } from './copy.ts';
import type { App, Deployer, Observed, ObservedService, OwnedStack, Release, ServiceLog } from './deployer.ts';
import { openDockerCli } from './docker-cli.ts';
import { sameServices } from './document.ts';
import { type Engine, openEngine } from './engine.ts';
import { execIn } from './exec.ts';
import { footprintOf } from './footprint.ts';
import { instanceFilter, type Labels, namespaceLabel, ownerOf } from './labels.ts';
import { look } from './look.ts';
import { openMadeSecrets } from './made-secrets.ts';
import { mountedVolumes } from './mounted-volumes.ts';
import type { Patience } from './patience.ts';
import { pullImages } from './pull.ts';
import { prepareRelease } from './release.ts';
import { removeApp } from './removal.ts';
import { restartServices } from './restart.ts';
import { runInSandbox } from './sandbox.ts';
import { linesOfContainer } from './service-logs.ts';
import type { ServiceState } from './states.ts';
import { giveBackVolume, saveVolume } from './volume-archives.ts';

export interface SwarmOptions {
  /** The docker CLI, 23 or newer: a name on PATH or an absolute path. */
  readonly dockerCli: string;
  /** `unix:///path` or `tcp://host:port`. */
  readonly dockerHost: string;
  /** The overlay network that the proxy watches, e.g. `proxy`. */
  readonly network: string;
  /** What operators allow each recipe, by its name, as violations name it: `{ mumble: ['port:64738/udp'] }`. */
  readonly policyExceptions?: Readonly<Record<string, readonly string[]>>;
  /** A folder for documents while they are deployed; made when absent. */
  readonly scratch: string;
  /** When what looks wrong is held for wrong; for tests. */
  readonly patience?: Patience;
}

/** Deploys with the docker CLI and the Engine API of one host, as abra would. */
export function openSwarmDeployer(options: SwarmOptions): Deployer {
  return openSwarmDriver(options).deployer;
}

/** The driver, and what another one needs that deploys by itself and leaves all else to it. */
export interface SwarmDriver {
  readonly deployer: Deployer;
  /** See apply.ts. */
  makeReady(app: App, release: Release, signal: AbortSignal): Promise<void>;
  /** The labels of the app's services as they are now. */
  labelsOf(app: Pick<App, 'stack'>): Promise<Labels[]>;
}

export function openSwarmDriver(options: SwarmOptions): SwarmDriver {
  const engine = openEngine(options.dockerHost);
  // Never made: neither logins nor plugins of this host's user take part.
  const configFolder = join(options.scratch, 'no-docker-config');
  const cli = openDockerCli({ file: options.dockerCli, host: options.dockerHost, configFolder });
  const secrets = openMadeSecrets();
  const secretMadeFor =
    ({ stack }: Pick<App, 'stack'>) =>
    (value: string): void =>
      secrets.made(stack, value);
  const deployer: Deployer = {
    driver: 'swarm',
    // The domain is its first label under the domain of all apps.
    stackOf: (domain) => domain.split('.')[0] ?? domain,
    prepare: (app, recipe, commit, signal) => {
      const exceptions = options.policyExceptions?.[recipe.name] ?? [];
      return prepareRelease(cli, app, recipe, commit, { network: options.network, exceptions }, signal);
    },
    pull: (release, signal) => pullImages(engine, release, signal),
    apply: (app, release, signal) =>
      applyRelease({ cli, engine, scratch: options.scratch, secretMade: secretMadeFor(app) }, app, release, signal),
    converge: (app, release, waiting, signal) => converge(engine, app, release, waiting, signal, options.patience),
    observe: async ({ stack }) => observed(await look(engine, stack)),
    footprint: (app) => footprintOf(engine, app),
    volumes: (app) => mountedVolumes(engine, app),
    leaveCanary: (app, place, text, signal) => leaveCanary(engine, app, place, text, signal),
    readCanary: (app, place, signal) => readCanary(engine, app, place, signal),
    save: (app, part, signal) => saveVolume(engine, app, part, signal),
    giveBack: (app, part, signal) => giveBackVolume(engine, app, part, signal),
    exec: (app, service, command, signal) => execIn(engine, app, service, command, signal),
    sandbox: (app, job, signal) => runInSandbox(engine, app, job, signal),
    copyIn: (app, file, content, signal) => copyIn(engine, app, file, { content, signal }),
    copyOut: (app, file, signal) => copyOut(engine, app, file, signal),
    restart: (app, services, signal) => restartServices(cli, app, services, { folder: options.scratch, signal }),
    sameSpec: (a, b) => sameServices(a.document, b.document),
    remove: async (app, signal, keep = []) => {
      const removal = await removeApp(engine, app, signal, keep);
      if (removal.left.length === 0 && !keep.includes('secrets')) secrets.gone(app.stack);
      return removal;
    },
    owned: (instance, host) => ownedStacks(engine, instance, host),
    host: async () => {
      const { ID: id, DockerRootDir: dataFolder } = await engine.info();
      return { engine: id, dataFolder };
    },
    gateway: () => engine.gateway(),
    logs: (app, { tail }) => serviceLogs(engine, app, tail),
  };
  return {
    deployer,
    makeReady: (app, release, signal) => makeReady({ engine, secretMade: secretMadeFor(app) }, app, release, signal),
    labelsOf: async ({ stack }) => {
      const services = await engine.list('services', { label: `${namespaceLabel}=${stack}` });
      return services.map(({ labels }) => labels);
    },
  };
}

function observed(states: readonly ServiceState[]): Observed {
  const commits = new Set(states.map(({ commit }) => commit));
  const [commit] = commits.size === 1 ? commits : [];
  return { ...(commit !== undefined && { commit }), services: states.map(observedService) };
}

function observedService({ name, commit, image, wanted, tasks, update }: ServiceState): ObservedService {
  const running = tasks.filter(({ alive, state }) => alive && state === 'running');
  return {
    name,
    image,
    desired: wanted,
    running: running.length,
    current: running.filter((task) => task.current).length,
    ...(commit !== undefined && { commit }),
    ...(update && { update: update.state }),
  };
}

async function ownedStacks(engine: Engine, instance: string, host: string): Promise<OwnedStack[]> {
  const lists = await Promise.all(resourceKinds.map((kind) => engine.list(kind, { label: instanceFilter(instance) })));
  const marks = lists.flat().flatMap(({ labels }) => ownerOf(labels) ?? []);
  const here = marks.filter(({ owner }) => owner.instance === instance && owner.host === host);
  return [...new Map(here.map((mark) => [JSON.stringify(mark), mark])).values()];
}

/** Read from the containers of this host: they answer at once, where Swarm's own logs sometimes never do. */
async function serviceLogs(engine: Engine, app: Pick<App, 'stack' | 'owner'>, tail: number): Promise<ServiceLog[]> {
  const states = await look(engine, app.stack);
  return Promise.all(
    states.map(async ({ name, tasks }) => {
      const containers = tasks.toSorted((a, b) => a.createdAt - b.createdAt).flatMap(({ container }) => container ?? []);
      const logs = await Promise.all(containers.map((id) => linesOfContainer(engine, id, tail)));
      return { service: name, lines: logs.flat().slice(-tail) };
    }),
  );
}
