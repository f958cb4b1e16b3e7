import type { Settings } from '@cc-ci/shared/contract/settings';
import { exitCodes } from '@cc-ci/shared/service/errors';
import { openLog } from '@cc-ci/shared/service/log';
import { openRedis, type RedisConnection } from '@cc-ci/shared/service/redis';
import { readRecordsConfig } from './config.ts';

/** A person waits: a Redis that does not answer within this is away. Milliseconds. */
const ANSWER_MS = 5_000;

/** How a command lives that does its work and ends. */
export const COMMAND = { endsByItself: true } as const;

/** Redis does not answer whoever asks from a terminal. */
export class RedisAway extends Error {
  override readonly name = 'RedisAway';
  readonly exitCode = exitCodes.unavailable;
  constructor(url: string) {
    super(
      `Redis at ${new URL(url).host} does not answer: nothing can be said or changed without it. Is it up, and is REDIS_URL right?`,
    );
  }
}

/** The records of this instance, for one command. Throws SettingsRefused or RedisAway. */
export interface Records {
  readonly redis: RedisConnection['client'];
  readonly settings: Settings;
}

/** Opens the records that the environment names, for as long as `opened`. */
export async function openRecords(opened: AsyncDisposableStack, stop: AbortSignal): Promise<Records> {
  const { config, settings } = await readRecordsConfig();
  // What a command has to say it says itself.
  const log = openLog({ service: 'ccci', instance: settings.instance, level: 'error' });
  const signal = AbortSignal.any([stop, AbortSignal.timeout(ANSWER_MS)]);
  const connection = await openRedis(config.REDIS_URL, { log, role: 'command', signal }).catch((error: unknown) => {
    throw stop.aborted ? error : new RedisAway(config.REDIS_URL);
  });
  opened.use(connection);
  return { redis: connection.client, settings };
}
