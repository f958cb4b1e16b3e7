import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Heartbeat } from '../contract/heartbeat.ts';
import type { Settings } from '../contract/settings.ts';
import { BEAT_MS, beat, forgetSilent, leave, settingsHash } from '../runs/heartbeats.ts';
import type { Log } from './log.ts';
import { type Repeating, repeat } from './repeat.ts';
import { within } from './within.ts';

/** How long Redis may take to strike out a heartbeat, which ends by itself as well. */
const GOODBYE_MS = 1_000;

/** Of a service that carries out no runs. */
const noLoad = { capacity: null, running: [], draining: false };

export interface Living {
  readonly service: Heartbeat['service'];
  /** Unique for this process; made up unless given. */
  readonly id?: string;
  readonly host: string;
  readonly settings: Settings;
  /** Of a runner: what it can do at the same time, the runs that it carries out now, and whether it takes no more. */
  readonly load?: () => Pick<Heartbeat, 'capacity' | 'running' | 'draining'>;
}

/** Says again and again that this service lives, and drops what those left that are long gone; disposing it takes that back. */
export function keepBeating(redis: Redis, { service, id = randomUUID(), host, settings, load }: Living, log: Log): Repeating {
  const { instance } = settings;
  const fixed = { v: 1, service, id, host, startedAt: Date.now(), settingsHash: settingsHash(settings) } as const;
  const beating = repeat(
    'The heartbeat',
    BEAT_MS,
    async () => {
      const now = Date.now();
      await beat(redis, instance, { ...fixed, ...(load?.() ?? noLoad), at: now });
      await forgetSilent(redis, instance, now);
    },
    log,
  );
  return {
    wake: () => beating.wake(),
    async [Symbol.asyncDispose]() {
      await beating[Symbol.asyncDispose]();
      await within(leave(redis, instance, fixed), GOODBYE_MS).catch(() => undefined);
    },
  };
}
