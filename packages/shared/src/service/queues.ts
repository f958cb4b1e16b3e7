import { Queue } from 'bullmq';
import { type QueueName, queues } from '../contract/queues.ts';
import { queuePolicies } from './queue-policy.ts';
import type { RedisConnection } from './redis.ts';

/** Where an instance's queues are: a connection, and the prefix of all keys (`keysOf(instance).queuePrefix`). */
export interface QueuePlace {
  readonly connection: RedisConnection;
  readonly prefix: string;
}

/** Every queue of an instance, open. They share the connection, which stays the caller's: nothing has to be closed. */
export type OpenQueues = { readonly [Name in QueueName]: Queue };

/** Jobs of one queue by what they are doing now. */
export interface Counts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly completed: number;
  readonly failed: number;
}

/** Opens one queue, for whoever adds to it or looks at it. */
export function openQueue(name: QueueName, { connection, prefix }: QueuePlace): Queue {
  const queue = new Queue(queues[name].name, {
    connection: connection.client,
    prefix,
    defaultJobOptions: queuePolicies[name].jobs,
  });
  // The connection itself says when Redis goes away; an event that nobody listens to would end the process.
  queue.on('error', () => undefined);
  return queue;
}

/** Opens all queues, for producers and for the board that shows them. */
export function openQueues(place: QueuePlace): OpenQueues {
  return {
    poll: openQueue('poll', place),
    intake: openQueue('intake', place),
    runs: openQueue('runs', place),
    reports: openQueue('reports', place),
    infra: openQueue('infra', place),
  };
}

/** How many jobs are in which state, for one queue. */
export async function countsOf(queue: Queue): Promise<Counts> {
  const found = await queue.getJobCounts('waiting', 'active', 'delayed', 'completed', 'failed');
  const of = (state: string): number => found[state] ?? 0;
  return {
    waiting: of('waiting'),
    active: of('active'),
    delayed: of('delayed'),
    completed: of('completed'),
    failed: of('failed'),
  };
}
