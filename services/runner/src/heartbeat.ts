import type { Heartbeat } from '@cc-ci/shared/contract/heartbeat';
import { BEAT_MS, beat, leave } from '@cc-ci/shared/runs/heartbeats';
import type { Log } from '@cc-ci/shared/service/log';
import type { RedisConnection } from '@cc-ci/shared/service/redis';
import { repeat } from '@cc-ci/shared/service/repeat';
import { within } from '@cc-ci/shared/service/within';

/** How long Redis may take to hear a farewell. Milliseconds. */
const GOODBYE_MS = 1_000;

/** Says again and again that this runner lives and what it does; disposing it takes that back. */
export function startHeartbeat(
  redis: RedisConnection['client'],
  instance: string,
  facts: () => Omit<Heartbeat, 'v' | 'service'>,
  log: Log,
): AsyncDisposable {
  const beating = repeat('The heartbeat', BEAT_MS, () => beat(redis, instance, { v: 1, service: 'runner', ...facts() }), log);
  return {
    async [Symbol.asyncDispose]() {
      const leaving = async (): Promise<void> => {
        await beating[Symbol.asyncDispose]();
        await leave(redis, instance, { service: 'runner', id: facts().id });
      };
      await within(leaving(), GOODBYE_MS).catch(() => undefined);
    },
  };
}
