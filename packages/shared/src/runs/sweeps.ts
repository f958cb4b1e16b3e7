import type { Redis } from 'ioredis';
import { z } from 'zod';
import { SweepRecord } from '../contract/infra.ts';
import { keysOf } from './keys.ts';
import { replaceSweep } from './scripts.ts';

/** Where the sweeps are: each a list of recipes to test again, one after the other. */
export interface SweepStore {
  /** Creates a sweep if its id is new. @returns the one that stands */
  create(sweep: SweepRecord): Promise<SweepRecord>;
  /** The sweep that was started last, if any. */
  latest(): Promise<SweepRecord | undefined>;
  /** Replaces a sweep as it was read. @returns false when another writer came between */
  replace(sweep: SweepRecord): Promise<boolean>;
}

export function openSweepStore(redis: Redis, instance: string): SweepStore {
  const keys = keysOf(instance);
  const read = async (id: string): Promise<SweepRecord | undefined> => {
    const text = await redis.get(keys.sweep(id));
    return text === null ? undefined : SweepRecord.parse(JSON.parse(text));
  };
  return {
    async create(sweep) {
      await redis.set(keys.sweep(sweep.id), JSON.stringify(sweep), 'NX');
      await redis.zadd(keys.sweeps, 'NX', sweep.startedAt, sweep.id);
      return (await read(sweep.id)) ?? sweep;
    },
    async latest() {
      const [id] = await redis.zrevrange(keys.sweeps, 0, 0);
      return id === undefined ? undefined : await read(id);
    },
    async replace(sweep) {
      const body = JSON.stringify({ ...sweep, rev: sweep.rev + 1 });
      return z.coerce.number().parse(await redis.eval(replaceSweep, 1, keys.sweep(sweep.id), String(sweep.rev), body)) === 1;
    },
  };
}
