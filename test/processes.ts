import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ServiceName, Services, ServicesOptions } from '@cc-ci/cli/services';
import { execa } from 'execa';

/** One service in a process of its own. */
export interface ServiceProcess {
  readonly pid: number;
  /** Sends a signal: SIGKILL is what a crash looks like from outside, SIGSTOP what a host does that hangs. */
  signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void;
  /** Resolves when the process is gone, however it ended. */
  readonly ended: Promise<void>;
}

/** Settings of one process beside those that all of them share. */
export interface Differences {
  readonly environment?: Readonly<Record<string, string>>;
  /** A module that is loaded before the service. */
  readonly preload?: string;
}

/** The four services, each in a process of its own as in production, from the same entry points. */
export interface Processes extends Services {
  start(name: ServiceName, differences?: Differences): Promise<void>;
  /** The process that carries a service now. */
  process(name: ServiceName): ServiceProcess;
  /** Ends a service as a crash would, and waits until it is gone. */
  kill(name: ServiceName): Promise<void>;
  /** Starts one more runner, under a host name of its own unless told otherwise. */
  addRunner(host: string, differences?: Differences): Promise<ServiceProcess>;
}

/** Of a service under systemd on Debian. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** A service that is not up after this will not be. Milliseconds. */
const UP_WITHIN_MS = 60_000;

/** Starts the four services as processes. @param folder for settings, secrets and the runners' files @param say hears each line they log */
export async function startProcesses(
  options: ServicesOptions,
  { folder, say, differences = {} }: { folder: string; say: (line: string) => void; differences?: Differences },
): Promise<Processes> {
  const running = new Map<ServiceName, ServiceProcess>();
  const more: ServiceProcess[] = [];
  await mkdir(folder, { recursive: true });
  const environments = await writeEnvironments(options, folder);

  const begin = (name: ServiceName, { environment = {}, preload }: Differences): Promise<ServiceProcess> =>
    startProcess(name, { ...environments[name], ...environment }, { say, preload });
  const processes: Processes = {
    async start(name, own = {}) {
      if (!running.has(name)) running.set(name, await begin(name, { ...differences, ...own }));
    },
    async stop(name) {
      await end(running.get(name), 'SIGTERM');
      running.delete(name);
    },
    async kill(name) {
      await end(running.get(name), 'SIGKILL');
      running.delete(name);
    },
    process(name) {
      const found = running.get(name);
      if (!found) throw new Error(`${name} is not running`);
      return found;
    },
    async addRunner(host, { environment = {}, ...others } = {}) {
      const state = join(folder, `runner-${host}`);
      await mkdir(state, { recursive: true });
      const added = await begin('runner', { ...others, environment: { CCCI_HOST: host, CCCI_STATE: state, ...environment } });
      more.push(added);
      return added;
    },
    async [Symbol.asyncDispose]() {
      const all = [...running.values(), ...more];
      for (const each of all) each.signal('SIGCONT');
      await Promise.all(all.map((each) => end(each, 'SIGTERM')));
    },
  };
  for (const name of ['infra', 'reporter', 'runner', 'trigger'] as const) await processes.start(name);
  return processes;
}

async function end(process: ServiceProcess | undefined, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  process?.signal(signal);
  await process?.ended;
}

/** What operators would write down: an instance file, a file for each secret, and the variables that name them. */
async function writeEnvironments(
  { settings, redisUrl, host, dockerHost, folder: state, capacity, tokens, adminToken, listen, adminListen }: ServicesOptions,
  folder: string,
): Promise<Record<ServiceName, Record<string, string>>> {
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const common = {
    PATH: PATH,
    REDIS_URL: redisUrl,
    CCCI_HOST: host,
    // JSON is YAML.
    CCCI_SETTINGS: await write('cc-ci.yml', JSON.stringify(settings)),
  };
  const forgeToken = async (name: ServiceName): Promise<Record<string, string>> => {
    const token = await tokens[name]();
    return token === undefined ? {} : { FORGE_TOKEN_FILE: await write(`${name}-token`, token) };
  };
  return {
    infra: { ...common, ...(await forgeToken('infra')) },
    trigger: { ...common, ...(await forgeToken('trigger')) },
    runner: {
      ...common,
      ...(await forgeToken('runner')),
      DOCKER_HOST: dockerHost,
      CCCI_STATE: state,
      CCCI_CAPACITY: String(capacity),
    },
    reporter: {
      ...common,
      ...(await forgeToken('reporter')),
      ADMIN_TOKEN_FILE: await write('admin-token', await adminToken()),
      LISTEN_ADDRESS: listen.address,
      LISTEN_PORT: String(listen.port),
      ADMIN_LISTEN_ADDRESS: adminListen.address,
      ADMIN_LISTEN_PORT: String(adminListen.port),
    },
  };
}

/** Starts one service and waits until it says that it is up, or has ended: one that is killed while it starts is no mistake of the test. */
async function startProcess(
  name: ServiceName,
  env: Readonly<Record<string, string>>,
  { say, preload }: { say: (line: string) => void; preload: string | undefined },
): Promise<ServiceProcess> {
  const main = fileURLToPath(new URL(`../services/${name}/src/main.ts`, import.meta.url));
  const before = preload === undefined ? [] : ['--import', preload];
  const child = execa(process.execPath, [...before, main], {
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    buffer: false,
  });
  const ended = child.then(() => undefined);
  const { promise: up, resolve: isUp } = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      say(line);
      if (/"msg":"(?:The )?\w+ is up\."/.test(line)) isUp();
    });
  }
  const limit = setTimeout(() => child.kill('SIGKILL'), UP_WITHIN_MS);
  await Promise.race([up, ended]);
  clearTimeout(limit);
  return {
    pid: child.pid ?? 0,
    signal: (signal) => void child.kill(signal),
    ended,
  };
}
