import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from './log.ts';
import { scrub } from './scrub.ts';
import { within } from './within.ts';

/**
 * What a connection is for.
 * - `queue`: workers and records. A command waits while Redis is away.
 * - `command`: whoever is asked over HTTP and has to answer. A command fails at once while Redis is away.
 */
export type RedisRole = 'queue' | 'command';

/** One connection to Redis. Disposing it takes seconds at most, also while Redis is away. */
export interface RedisConnection extends AsyncDisposable {
  readonly client: Redis;
  /** Whether Redis answers at the moment. */
  answers(): boolean;
}

/** The longest pause between two attempts to connect: a worker goes on this soon after Redis is back. */
const MAX_RECONNECT_MS = 2_000;
/** The first pause; each one after it is twice as long. */
const FIRST_RECONNECT_MS = 50;
/** Somebody waits for an HTTP answer: after this the command counts as failed, though it may still have been done. */
const COMMAND_TIMEOUT_MS = 5_000;
/** How long Redis may take to confirm that we leave. */
const GOODBYE_MS = 1_000;

const optionsOf = {
  queue: { maxRetriesPerRequest: null },
  command: { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: COMMAND_TIMEOUT_MS },
} as const satisfies Record<RedisRole, RedisOptions>;

/**
 * Connects to Redis and waits until it answers, however long that takes. Each time it goes away this is said once, and
 * once that it is back. A Redis that may lose or evict data is warned about. Rejects only when `signal` is aborted first.
 */
export async function openRedis(
  url: string,
  { log, role, signal }: { log: Log; role: RedisRole; signal?: AbortSignal | undefined },
): Promise<RedisConnection> {
  const client = new Redis(url, { ...optionsOf[role], retryStrategy: reconnectDelayMs });
  const connection = watched(client, `Redis at ${new URL(url).host}`, log.child({ connection: role }));
  try {
    await untilReady(client, signal);
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
  if (role === 'queue') for (const risk of risksOf(await client.info())) log.warn(risk);
  return connection;
}

/** Ends a connection for good within twice GOODBYE_MS, also while Redis is away: what waits on it is rejected. */
export async function endConnection(client: Redis): Promise<void> {
  // While Redis is away a QUIT would wait for it to come back.
  if (client.status === 'ready') await within(client.quit().catch(ignore), GOODBYE_MS);
  client.disconnect();
  // ioredis does not end a connection that was between two attempts, and its commands would wait for ever: a last attempt does.
  if (client.status === 'reconnecting') await within(client.connect().catch(ignore), GOODBYE_MS);
  client.disconnect();
}

/** The pause in ms before attempt number `attempt`, from 1: 50, 100, 200 … 2000. */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(FIRST_RECONNECT_MS * 2 ** (attempt - 1), MAX_RECONNECT_MS);
}

/** What this Redis may do to our data, a sentence each; `info` is what its INFO says. */
export function risksOf(info: string): string[] {
  const fact = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
  const policy = fact('maxmemory_policy');
  return [
    ...(policy === undefined || policy === 'noeviction'
      ? []
      : [`Redis drops data when its memory is full (maxmemory-policy ${policy}): runs would be lost. Set it to noeviction.`]),
    ...(fact('aof_enabled') === '0'
      ? ['Redis forgets what it was told last when it stops (appendonly no): requests would be lost. Set appendonly yes.']
      : []),
  ];
}

function ignore(): void {}

function watched(client: Redis, name: string, log: Log): RedisConnection {
  let leaving = false;
  let away = false;
  let reason = '';
  client.on('error', (error: Error) => {
    reason = scrub(error.message);
    if (client.status !== 'ready') sayAway();
  });
  client.on('close', sayAway);
  client.on('ready', () => {
    if (away) log.info(`${name} answers again.`);
    away = false;
  });
  return {
    client,
    answers: () => client.status === 'ready',
    async [Symbol.asyncDispose]() {
      leaving = true;
      await endConnection(client);
    },
  };

  function sayAway(): void {
    if (away || leaving) return;
    away = true;
    log.warn({ reason }, `${name} does not answer; waiting for it.`);
  }
}

function untilReady(client: Redis, signal: AbortSignal | undefined): Promise<void> {
  if (client.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const onReady = (): void => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    const onAbort = (): void => {
      client.off('ready', onReady);
      reject(signal?.reason);
    };
    client.once('ready', onReady);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
  });
}
