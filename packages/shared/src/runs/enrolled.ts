import type { Redis } from 'ioredis';
import { Enrolled } from '../contract/enrolled.ts';
import { keysOf } from './keys.ts';

/** Writes down which recipes are enrolled; those that are missing from the list are enrolled no more. */
export async function putEnrolled(redis: Redis, instance: string, all: readonly Enrolled[]): Promise<void> {
  const key = keysOf(instance).enrolled;
  const replace = redis.multi().del(key);
  for (const each of all) replace.hset(key, String(each.repo.id), JSON.stringify(each));
  await replace.exec();
}

/** The enrolled recipes, by repository name. */
export async function readEnrolled(redis: Redis, instance: string): Promise<Enrolled[]> {
  const all = Object.values(await redis.hgetall(keysOf(instance).enrolled)).map((text) => Enrolled.parse(JSON.parse(text)));
  return all.sort((a, b) => a.repo.name.localeCompare(b.repo.name));
}

/** The recipe of this name, `owner/name` as forges compare it: without case. */
export function enrolledAs(name: string, all: readonly Enrolled[]): Enrolled | undefined {
  const wanted = name.toLowerCase();
  return all.find(({ repo }) => `${repo.owner}/${repo.name}`.toLowerCase() === wanted);
}
