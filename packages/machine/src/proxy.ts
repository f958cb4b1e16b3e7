import { copyFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ADMIN_HOST, ADMIN_SOCKET, caddyConfig, DATA_FOLDER } from './caddy-config.ts';
import type { Engine } from './engine.ts';
import { followSwarm } from './follow-swarm.ts';
import type { StandInImage } from './image.ts';
import { caddyImage } from './image-bases.ts';
import { readRouting } from './routes.ts';
import type { SwarmView } from './swarm-view.ts';
import { until } from './until.ts';

/** The host's reverse proxy: what traefik is on a server of Co-op Cloud. */
export interface Proxy extends AsyncDisposable {
  /** The certificate of its own authority, PEM. */
  readonly caFile: string;
}

/** The network that apps share with the proxy. */
export const PROXY_NETWORK = 'proxy';
export const HTTPS_PORT = 443;
const HTTP_PORT = 80;
const SERVICE = 'ccci-proxy_app';
const VOLUME = 'ccci-proxy_data';
/** Pulled and started within this: three seconds on an idle machine. */
const UP_WITHIN_MS = 90_000;
/** A new configuration is taken within this: 10 ms on an idle machine. */
const ANSWER_WITHIN_MS = 10_000;

const START = '/etc/caddy/start.json';

/** The image that the proxy runs; it must be in the engine's registry. */
export const proxyImage: StandInImage = {
  references: ['cc-ci/proxy:1'],
  from: caddyImage,
  files: { [START]: JSON.stringify(caddyConfig([])) },
  cmd: ['caddy', 'run', '--config', START],
  volumes: [],
};

/**
 * Creates the network {@link PROXY_NETWORK} and, in a stack of its own, Debian's Caddy on ports 80 and 443 of the engine's address,
 * and keeps it configured from the traefik labels of services on that network. `folder` is the engine's.
 */
export async function startProxy(options: {
  engine: Engine;
  folder: string;
  /** The engine's address, as the host sees it. */
  address: string;
  report: (trouble: string) => void;
  signal?: AbortSignal | undefined;
}): Promise<Proxy> {
  const { engine, folder, address, report, signal } = options;
  const network = await engine.docker.createNetwork({ Name: PROXY_NETWORK, Driver: 'overlay', Attachable: true });
  await createService(engine, network.id);
  const data = join(folder, 'data/volumes', VOLUME, '_data');
  const caFile = join(folder, 'proxy-ca.crt');
  const authority = join(data, 'caddy/pki/authorities/local/root.crt');
  await until('The start of the proxy', async () => (await copied(authority, caFile)) && (await answers(address)), {
    withinMs: UP_WITHIN_MS,
    signal,
  });
  const following = followSwarm(engine.docker, configure(join(data, ADMIN_SOCKET), network.id, report), report);
  return { caFile, [Symbol.asyncDispose]: () => following[Symbol.asyncDispose]() };
}

/** Brings the proxy up to date whenever what the labels ask for, or the task that carries it out, is another. */
function configure(socket: string, networkId: string, report: (trouble: string) => void): (view: SwarmView) => Promise<void> {
  let applied = '';
  let told: readonly string[] = [];
  return async (view) => {
    const proxy = view.services.find(({ Spec }) => Spec.Name === SERVICE);
    const task = view.tasks.find(({ ServiceID, Status }) => ServiceID === proxy?.ID && Status.State === 'running');
    if (task === undefined) return;
    const { routes, troubles } = readRouting(view, { id: networkId, name: PROXY_NETWORK });
    for (const trouble of troubles.filter((each) => !told.includes(each))) report(`The proxy does not route ${trouble}`);
    told = troubles;
    const wanted = JSON.stringify([task.ID, routes]);
    if (wanted === applied) return;
    await post(socket, '/load', caddyConfig(routes));
    applied = wanted;
  };
}

async function createService({ docker }: Engine, networkId: string): Promise<void> {
  const labels = { 'com.docker.stack.namespace': 'ccci-proxy' };
  await docker.createService({
    Name: SERVICE,
    Labels: labels,
    TaskTemplate: {
      ContainerSpec: {
        Image: proxyImage.references[0],
        Labels: labels,
        Mounts: [{ Type: 'volume', Source: VOLUME, Target: DATA_FOLDER }],
      },
      RestartPolicy: { Condition: 'any', Delay: 1_000_000_000 },
      Networks: [{ Target: networkId }],
    },
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: {
      Ports: [HTTP_PORT, HTTPS_PORT].map((port) => ({
        Protocol: 'tcp',
        TargetPort: port,
        PublishedPort: port,
        PublishMode: 'host',
      })),
    },
  });
}

function copied(from: string, to: string): Promise<boolean> {
  return copyFile(from, to).then(
    () => true,
    () => false,
  );
}

function answers(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: HTTPS_PORT });
    socket
      .once('connect', () => resolve(true))
      .once('error', () => resolve(false))
      .once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Posts JSON to the admin API; rejects unless it is taken. */
function post(socketPath: string, path: string, body: object): Promise<void> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = request(
      {
        socketPath,
        path,
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Host: ADMIN_HOST },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      },
      (response) => {
        let said = '';
        response.setEncoding('utf8').on('data', (part: string) => (said += part));
        response.on('end', () =>
          response.statusCode === 200 ? resolve() : reject(new Error(`The proxy refused its configuration: ${said}`)),
        );
      },
    );
    call.on('error', reject).end(text);
  });
}
