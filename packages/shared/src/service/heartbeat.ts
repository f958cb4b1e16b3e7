import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Heartbeat } from '../contract/heartbeat.ts';
import type { Settings } from '../contract/settings.ts';
import { BEAT_MS, beat, forgetSilent, leave, settingsHash } from '../runs/heartbeats.ts';
import type { Log } from './log.ts';
import { repeat } from './repeat.ts';
import { within } from './within.ts';

/** How long Redis may take to strike out a heartbeat, which ends by itself as well. */
const GOODBYE_MS = 1_000;

export interface Living {
  readonly service: Heartbeat['service'];
  /** Unique for this process; made up unless given. */
  readonly id?: string;
  readonly host: string;
  readonly settings: Settings;
  /** Of a runner: what it can do at the same time, and the runs that it carries out now. */
  readonly load?: () => { readonly capacity: number; readonly running: readonly string[] };
}

/** Says again and again that this service lives, and drops what those left that are long gone; disposing it takes that back. */
export function keepBeating(
  redis: Redis,
  { service, id = randomUUID(), host, settings, load }: Living,
  log: Log,
): AsyncDisposable {
  const { instance } = settings;
  const fixed = { v: 1, service, id, host, startedAt: Date.now(), settingsHash: settingsHash(settings) } as const;
  const beating = repeat(
    'The heartbeat',
    BEAT_MS,
    async () => {
      const { capacity = null, running = [] } = load?.() ?? {};
      const now = Date.now();
      await beat(redis, instance, { ...fixed, capacity, running: [...running], at: now });
      await forgetSilent(redis, instance, now);
    },
    log,
  );
  return {
    async [Symbol.asyncDispose]() {
      await beating[Symbol.asyncDispose]();
      await within(leave(redis, instance, fixed), GOODBYE_MS).catch(() => undefined);
    },
  };
}
