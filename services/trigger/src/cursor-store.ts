import { keysOf } from '@cc-ci/shared/runs/keys';
import type { Redis } from 'ioredis';
import { Cursor } from './cursor.ts';

/** Where the cursors are, one for each owner. */
export interface CursorStore {
  read(owner: string): Promise<Cursor | undefined>;
  write(owner: string, cursor: Cursor): Promise<void>;
}

export function openCursorStore(redis: Redis, instance: string): CursorStore {
  const keyOf = (owner: string): string => keysOf(instance).cursor(owner.toLowerCase());
  return {
    async read(owner) {
      const text = await redis.get(keyOf(owner));
      return text === null ? undefined : Cursor.parse(JSON.parse(text));
    },
    async write(owner, cursor) {
      await redis.set(keyOf(owner), JSON.stringify(cursor));
    },
  };
}
