import { randomUUID } from 'node:crypto';
import { openProducer, type Producer } from '../../src/service/queue-producer.ts';
import { type OpenQueues, openQueues, type QueuePlace } from '../../src/service/queues.ts';
import { openRedis, type RedisConnection } from '../../src/service/redis.ts';
import { type MemoryLog, memoryLog } from './memory-log.ts';
import { openLink, type SeverableLink } from './severable-link.ts';

/** Queues of one test alone, on a Redis that can go away. */
export interface TestQueues extends QueuePlace, AsyncDisposable {
  readonly link: SeverableLink;
  readonly said: MemoryLog;
  readonly producer: Producer;
  /** The queues themselves, to look into. */
  readonly queues: OpenQueues;
}

export async function openTestQueues(redisUrl: string): Promise<TestQueues> {
  const opened = new AsyncDisposableStack();
  const link = opened.use(await openLink(redisUrl));
  const said = memoryLog();
  const connection: RedisConnection = opened.use(await openRedis(link.url, { log: said.log, role: 'queue' }));
  const place = { connection, prefix: `{test-${randomUUID()}}` };
  return {
    ...place,
    link,
    said,
    producer: openProducer(place),
    queues: openQueues(place),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
