import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { Heartbeat } from '../contract/heartbeat.ts';
import type { Settings } from '../contract/settings.ts';
import { keysOf } from './keys.ts';

/** Pause between two heartbeats of a service. */
export const BEAT_MS = 10_000;
/** A service that said nothing for this long is taken for gone: three beats. */
const SILENCE_MS = 3 * BEAT_MS;
/** After this its heartbeat is dropped: far more than two clocks differ, so that nobody drops one of the living. */
const FORGOTTEN_MS = 60 * 60_000;

/** Says that a service lives, and what it has to offer. */
export async function beat(redis: Redis, instance: string, heartbeat: Heartbeat): Promise<void> {
  await redis.hset(keysOf(instance).heartbeats, `${heartbeat.service} ${heartbeat.id}`, JSON.stringify(heartbeat));
}

/** Takes the heartbeat back when a service stops by itself. */
export async function leave(redis: Redis, instance: string, heartbeat: Pick<Heartbeat, 'service' | 'id'>): Promise<void> {
  await redis.hdel(keysOf(instance).heartbeats, `${heartbeat.service} ${heartbeat.id}`);
}

/** Drops the heartbeats of services that are long gone: a process that is killed cannot take its own back. @param now Unix milliseconds */
export async function forgetSilent(redis: Redis, instance: string, now: number): Promise<void> {
  const key = keysOf(instance).heartbeats;
  const silent = Object.entries(await redis.hgetall(key)).filter(
    ([, text]) => now - Heartbeat.parse(JSON.parse(text)).at > FORGOTTEN_MS,
  );
  if (silent.length > 0) await redis.hdel(key, ...silent.map(([field]) => field));
}

/** The services that live. @param now Unix milliseconds */
export async function living(redis: Redis, instance: string, now: number): Promise<Heartbeat[]> {
  const all = Object.values(await redis.hgetall(keysOf(instance).heartbeats)).map((text) => Heartbeat.parse(JSON.parse(text)));
  return all.filter((heartbeat) => now - heartbeat.at < SILENCE_MS);
}

/** Twelve digits that differ when two services were given different settings. */
export function settingsHash(settings: Settings): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 12);
}
