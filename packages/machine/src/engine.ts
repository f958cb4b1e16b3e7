import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Docker from 'dockerode';
import { type BoundProcess, startBound } from './bound-process.ts';
import type { Claim } from './claim.ts';
import { cacheFolder } from './config.ts';
import type { Debian } from './debian.ts';
import { connectLink, createLink, untilLinkIsGone } from './link.ts';
import { REGISTRY_PORT } from './registry.ts';
import { until } from './until.ts';

/** A Docker engine in namespaces of its own. */
export interface Engine {
  /** Its API, over the socket. */
  readonly docker: Docker;
  /** Absolute path of its socket. */
  readonly socket: string;
  /** The first process of its namespaces as the host sees it; another one after each start. */
  readonly pid: number;
  /** `kill -9` of the engine and of everything in its namespaces, containers too. Its data stay. Safe to repeat. */
  kill(): Promise<void>;
  /** Starts it again after `kill()`, with the same data and addresses. */
  start(): Promise<void>;
}

/** The engine did not come up. */
export class EngineFailed extends Error {
  override readonly name = 'EngineFailed';
}

/** The engine answers within this: half a second on an idle machine, more beside others and after a crash. */
const UP_WITHIN_MS = 60_000;
/** How much of a log tells why. */
const LAST_LINES = 12;

/** Starts an engine in the claimed folder and on the claimed link. `imageHosts` are the hosts that its registry poses as. */
export async function startEngine(options: {
  debian: Debian;
  claim: Claim;
  imageHosts: readonly string[];
  report: (trouble: string) => void;
  signal?: AbortSignal | undefined;
}): Promise<Engine> {
  const { claim, signal } = options;
  const socket = join(claim.folder, 'docker.sock');
  const docker = new Docker({ socketPath: socket });
  let running = await launch(options, docker, signal);
  return {
    docker,
    socket,
    get pid() {
      return running.first;
    },
    async kill() {
      await running.outer.kill();
      await untilLinkIsGone(claim.id);
    },
    async start() {
      if (!(await createLink(options.debian, claim.id)))
        throw new EngineFailed(`The link ${claim.id} is still there: end the engine with kill() before it is started again.`);
      running = await launch(options, docker, undefined);
    },
  };
}

interface Running {
  readonly outer: BoundProcess;
  readonly first: number;
}

async function launch(
  { debian, claim, imageHosts, report }: Parameters<typeof startEngine>[0],
  docker: Docker,
  signal: AbortSignal | undefined,
): Promise<Running> {
  const log = join(claim.folder, 'engine.log');
  const namespaces = [
    '--net',
    '--mount',
    '--pid',
    '--uts',
    '--fork',
    '--kill-child=KILL',
    '--mount-proc',
    '--propagation',
    'private',
  ];
  await using output = await open(log, 'w');
  const outer = await startBound('unshare', [...namespaces, 'sh', fileURLToPath(new URL('./engine-init.sh', import.meta.url))], {
    env: {
      ...debian.environment,
      NAME: claim.id,
      FOLDER: claim.folder,
      CACHE: cacheFolder(),
      ENGINE_ADDRESS: claim.addresses.engine,
      IMAGE_HOSTS: imageHosts.join(' '),
      REGISTRY_PORT: String(REGISTRY_PORT),
    },
    onUnexpectedEnd: (how) => report(`The private Docker engine ended by itself (${how}); its log is ${log}.`),
    stdio: ['pipe', 'pipe', output.fd],
  });
  try {
    const first = await connect(outer, debian, claim);
    const ended = outer.ended.then((how): never => {
      throw new EngineFailed(`The engine ended (${how}).`);
    });
    const answers = until('An answer of the engine', () => docker.ping().then(Boolean, () => false), {
      withinMs: UP_WITHIN_MS,
      signal,
    });
    await Promise.race([answers, ended]);
    return { outer, first };
  } catch (cause) {
    await outer.kill();
    signal?.throwIfAborted();
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-LAST_LINES).join('\n');
    throw new EngineFailed(`The private Docker engine did not start. The end of its log:\n${lines}`, { cause });
  }
}

/** Waits until the first process asks for its end of the link, hands it over, and lets it go on. Returns its pid on the host. */
async function connect(outer: BoundProcess, debian: Debian, claim: Claim): Promise<number> {
  const { stdin, stdout } = outer.child;
  if (stdin === null || stdout === null) throw new Error('unshare was started without pipes.');
  await claim.own(outer.pid);
  const lines = createInterface({ input: stdout });
  const asked = new Promise<void>((resolve) => lines.once('line', () => resolve()));
  await Promise.race([
    asked,
    outer.ended.then((how) => Promise.reject(new EngineFailed(`The namespaces could not be prepared (${how}).`))),
  ]);
  const first = Number((await readFile(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8')).trim());
  await claim.own(first);
  await connectLink(debian, claim.id, claim.addresses, first);
  stdin.end('\n');
  lines.close();
  return first;
}
