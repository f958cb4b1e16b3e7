import type { Settings } from '../contract/settings.ts';
import type { Log } from './log.ts';

/** What every service is started with. */
export interface ServiceOptions {
  readonly settings: Settings;
  readonly redisUrl: string;
  readonly log: Log;
  /** Name of this host. */
  readonly host: string;
  /** Of the service's own account at the forge; undefined where none is needed. */
  readonly forgeToken: () => Promise<string | undefined>;
  /** Aborted when the process is told to stop while this still waits for Redis. */
  readonly signal?: AbortSignal;
}
