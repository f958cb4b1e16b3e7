import type { Redis } from 'ioredis';
import { z } from 'zod';
import { living } from './heartbeats.ts';
import { keysOf } from './keys.ts';
import { releaseLease, renewLease } from './scripts.ts';

const Count = z.coerce.number();

/** A runner on its host, with the id of the engine behind it. */
export interface HostRunner {
  readonly instance: string;
  readonly host: string;
  readonly runner: string;
  readonly engine: string;
}

/**
 * Writes down which engine is behind a host's name. False, and nothing is written, while a living runner gives that name to
 * another engine: each of the two would take the other's runs for dead, and for cleaned up.
 * @param now Unix milliseconds
 */
export async function nameHost(redis: Redis, { instance, host, runner, engine }: HostRunner, now: number): Promise<boolean> {
  const known = await redis.hget(keysOf(instance).engines, host);
  if (known === engine) return true;
  const others = (await living(redis, instance, now)).filter((beat) => beat.service === 'runner' && beat.host === host);
  if (known !== null && others.some(({ id }) => id !== runner)) return false;
  await redis.hset(keysOf(instance).engines, host, engine);
  return true;
}

/** Held by one runner of a host at a time. */
export interface Turn {
  /** Takes it for `turnMs`, or keeps it for as long again. @returns whether it is this runner's now */
  hold(): Promise<boolean>;
  /** Gives it back, if it is this runner's. */
  release(): Promise<void>;
}

/**
 * Whose turn it is to look for what dead runs left on a host: a lease, which runs out when its holder dies or stands still. Nobody reaps
 * while Redis is away, so it is no loss that the lease is there.
 */
export function openTurn(redis: Redis, { instance, host, runner }: Omit<HostRunner, 'engine'>, turnMs: number): Turn {
  const key = keysOf(instance).reaper(host);
  return {
    async hold() {
      if ((await redis.set(key, runner, 'PX', turnMs, 'NX')) === 'OK') return true;
      return Count.parse(await redis.eval(renewLease, 1, key, runner, String(turnMs))) === 1;
    },
    async release() {
      await redis.eval(releaseLease, 1, key, runner);
    },
  };
}
