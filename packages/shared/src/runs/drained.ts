import type { Redis } from 'ioredis';
import { z } from 'zod';
import { keysOf } from './keys.ts';

const Since = z.coerce.number();

/**
 * Hosts that take no more runs, because an operator wants to work on them. Of the host and not of a runner: it holds over restarts.
 * What runs there goes on to its end.
 */
export interface Drained {
  readonly host: string;
  /** Unix milliseconds. */
  readonly since: number;
}

/** Lets a host take no more runs; one that is drained already keeps its time. @param now Unix milliseconds */
export async function drain(redis: Redis, instance: string, host: string, now: number): Promise<void> {
  await redis.hsetnx(keysOf(instance).drained, host, String(now));
}

/** Lets a host take runs again. @returns false when it was not drained */
export async function resume(redis: Redis, instance: string, host: string): Promise<boolean> {
  return (await redis.hdel(keysOf(instance).drained, host)) === 1;
}

/** The drained hosts, longest first. */
export async function drained(redis: Redis, instance: string): Promise<Drained[]> {
  const all = Object.entries(await redis.hgetall(keysOf(instance).drained));
  return all.map(([host, since]) => ({ host, since: Since.parse(since) })).toSorted((a, b) => a.since - b.since);
}

/** Whether this host takes no more runs. */
export async function isDrained(redis: Redis, instance: string, host: string): Promise<boolean> {
  return (await redis.hexists(keysOf(instance).drained, host)) === 1;
}
