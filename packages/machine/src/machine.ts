import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Claim, claimMachine } from './claim.ts';
import { inheritedPath } from './config.ts';
import { bringDebian, type Debian } from './debian.ts';
import { type Engine, startEngine } from './engine.ts';
import type { StandInImage } from './image.ts';
import { refuseUnfitMachine } from './machine-facts.ts';
import { HTTPS_PORT, PROXY_NETWORK, proxyImage, startProxy } from './proxy.ts';
import { type PrivateRedis, startRedis } from './redis.ts';
import { fillRegistry } from './registry.ts';
import { cleanStale } from './remove-machine.ts';
import { initSwarm, kernelHasIpvs } from './swarm.ts';
import { startVip } from './vip.ts';

/** How to use a machine, as plain data that another process can be given. */
export interface MachineDescription {
  /** Its state, removed with it. */
  readonly folder: string;
  /** `unix://…`, for `DOCKER_HOST`. */
  readonly dockerHost: string;
  /** Absolute path of a docker CLI that has `stack config`. */
  readonly dockerCli: string;
  /** What a child process or a person's shell needs to use this engine: PATH, DOCKER_HOST, DOCKER_CONFIG (with Compose). */
  readonly environment: Readonly<Record<string, string>>;
  readonly redisUrl: string;
  readonly proxy: MachineProxy;
  /** Address of the host as the engine sees it. */
  readonly hostAddress: string;
  /** Address of the engine as the host sees it: published ports are there. */
  readonly engineAddress: string;
}

/** A bare machine made into a host of Co-op Cloud: Redis, a Docker engine with a one-node Swarm, image hosts, a proxy. All private. */
export interface Machine extends AsyncDisposable {
  readonly description: MachineDescription;
  readonly redis: PrivateRedis;
  readonly engine: Engine;
}

/** The proxy, where names of apps are served over HTTPS. */
export interface MachineProxy {
  readonly address: string;
  readonly port: number;
  /** The certificate of its own authority, PEM. */
  readonly caFile: string;
  readonly network: typeof PROXY_NETWORK;
}

/**
 * Starts a machine; needs root on Debian, else throws `MachineRefused`. Disposing it leaves the host as it was, and so does
 * the death of the calling process, whatever kills it. `report` hears a word on each step and on later trouble.
 *
 * ```ts
 * await using machine = await startMachine({ images: [{ references: ['library/nginx:1.25.3'], from: nginxImage }] });
 * await execa(machine.description.dockerCli, ['stack', 'deploy', '-c', 'compose.yml', 'app'], { env: machine.description.environment });
 * ```
 */
export async function startMachine(options: {
  images: readonly StandInImage[];
  report?: (step: string) => void;
  signal?: AbortSignal;
}): Promise<Machine> {
  const { signal, report = () => undefined } = options;
  await refuseUnfitMachine();
  await cleanStale();
  const debian = await bringDebian(report, signal);
  await using starting = new AsyncDisposableStack();
  signal?.throwIfAborted();
  const claim = starting.use(await claimMachine(debian));
  const { folder, addresses } = claim;
  report('starting Redis and Docker');
  const redis = starting.use(await startRedis({ debian, folder: join(folder, 'redis'), report }));
  const engine = await startSwarm({ debian, claim, images: [proxyImage, ...options.images], report, signal });
  if (!kernelHasIpvs(engine)) starting.use(startVip({ debian, engine, folder, report }));
  report('starting the proxy');
  const proxy = starting.use(await startProxy({ engine, folder, address: addresses.engine, report, signal }));
  const environment = await clientEnvironment(debian, folder, engine.socket);
  starting.defer(() => engine.kill());
  const stack = starting.move();
  return {
    description: {
      folder,
      dockerHost: `unix://${engine.socket}`,
      dockerCli: debian.program('docker'),
      environment,
      redisUrl: redis.url,
      proxy: { address: addresses.engine, port: HTTPS_PORT, caFile: proxy.caFile, network: PROXY_NETWORK },
      hostAddress: addresses.host,
      engineAddress: addresses.engine,
    },
    redis,
    engine,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function startSwarm(options: {
  debian: Debian;
  claim: Claim;
  images: readonly StandInImage[];
  report: (step: string) => void;
  signal: AbortSignal | undefined;
}): Promise<Engine> {
  const imageHosts = await fillRegistry({ ...options, folder: options.claim.folder });
  const engine = await startEngine({ ...options, imageHosts });
  await initSwarm(engine);
  return engine;
}

/** A folder of its own for the docker CLI's settings, so that the host's are neither read nor written. */
async function clientEnvironment(debian: Debian, folder: string, socket: string): Promise<Record<string, string>> {
  const settings = join(folder, 'docker-config');
  const programs = join(folder, 'bin');
  await mkdir(settings);
  await mkdir(programs);
  await symlink(join(debian.root, 'usr/libexec/docker/cli-plugins'), join(settings, 'cli-plugins'));
  await symlink(debian.program('docker'), join(programs, 'docker'));
  return { PATH: `${programs}:${inheritedPath()}`, DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: settings };
}
