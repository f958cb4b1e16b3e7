import type { Redis } from 'ioredis';
import { z } from 'zod';
import { Millis, RunId } from '../contract/ids.ts';
import { keysOf } from './keys.ts';

/** A root of what one attempt is about to create on a host. Everything else derives from it by name and label. */
export const LedgerEntry = z.object({ stack: z.string().min(1), run: RunId, attempt: z.int().positive(), at: Millis });
export type LedgerEntry = z.infer<typeof LedgerEntry>;

export interface Ledger {
  /** Writes down what is about to be created. Must have returned before anything is. */
  expect(entry: LedgerEntry): Promise<void>;
  entries(): Promise<LedgerEntry[]>;
  /** Strikes out what is proven gone. Safe to repeat. */
  strike(stack: string): Promise<void>;
}

/** The ledger of one host, in the shared Redis: it outlives the runner that wrote it. */
export function openLedger(redis: Redis, instance: string, host: string): Ledger {
  const key = keysOf(instance).ledger(host);
  return {
    async expect(entry) {
      await redis.hset(key, entry.stack, JSON.stringify(entry));
    },
    async entries() {
      return Object.values(await redis.hgetall(key)).map((text) => LedgerEntry.parse(JSON.parse(text)));
    },
    async strike(stack) {
      await redis.hdel(key, stack);
    },
  };
}
