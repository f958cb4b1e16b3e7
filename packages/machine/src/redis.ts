import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { Redis } from 'ioredis';
import { type BoundProcess, startBound } from './bound-process.ts';
import type { Debian } from './debian.ts';
import { until } from './until.ts';

/** A Redis of our own on loopback that answers only when a write is on the disk, and refuses rather than forgets. */
export interface PrivateRedis extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Process id of the running server; undefined while it is stopped. */
  readonly pid: number | undefined;
  /** `kill -9`. Its data stay. Safe to repeat. */
  stop(): Promise<void>;
  /** Starts it again after `stop()`, on the same port and with the same data. */
  start(): Promise<void>;
}

/** Redis did not come up. */
export class RedisFailed extends Error {
  override readonly name = 'RedisFailed';
}

/** An empty Redis is up in 50 ms; reading a large append-only file again takes longer. */
const UP_WITHIN_MS = 30_000;

/** Starts Redis with its data in `folder`, which is made when it is missing and stays when Redis ends. */
export async function startRedis(options: {
  debian: Debian;
  folder: string;
  report?: (trouble: string) => void;
}): Promise<PrivateRedis> {
  await mkdir(options.folder, { recursive: true });
  const port = await getPort({ host: '127.0.0.1' });
  const url = `redis://127.0.0.1:${port}`;
  let server: BoundProcess | undefined = await launch(options, port);
  const stop = async (): Promise<void> => {
    await server?.kill();
    server = undefined;
  };
  return {
    url,
    port,
    get pid() {
      return server?.pid;
    },
    stop,
    async start() {
      server ??= await launch(options, port);
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function launch(
  { debian, folder, report = () => undefined }: Parameters<typeof startRedis>[0],
  port: number,
): Promise<BoundProcess> {
  const logFile = join(folder, 'redis.log');
  await using log = await open(logFile, 'a');
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = await startBound(debian.program('redis-server'), args, {
    env: debian.environment,
    stdio: ['ignore', log.fd, log.fd],
    onUnexpectedEnd: (how) => report(`The private Redis ended by itself (${how}); its log is ${logFile}.`),
  });
  const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  try {
    const ended = server.ended.then((how) => Promise.reject(new Error(`redis-server ended (${how}).`)));
    await Promise.race([until('An answer of Redis', () => answers(client), { withinMs: UP_WITHIN_MS }), ended]);
    return server;
  } catch (cause) {
    await server.kill();
    throw new RedisFailed(
      `The private Redis on port ${port} did not start. The end of its log:\n${(await readFile(logFile, 'utf8')).slice(-1000)}`,
      { cause },
    );
  } finally {
    client.disconnect();
  }
}

/** Whether Redis answers, its data loaded. */
async function answers(client: Redis): Promise<boolean> {
  try {
    if (client.status === 'wait' || client.status === 'end') await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  }
}
