import { type Environment, readEnv } from '@cc-ci/shared/service/env';
import { z } from 'zod';

/** What differs between two processes of the trigger; everything else is in the instance file. */
export const Config = z.object({
  REDIS_URL: z.url().describe('Redis that all services share, e.g. redis://localhost:6379'),
  CCCI_SETTINGS: z.string().default('/etc/cc-ci/cc-ci.yml').describe('The instance file'),
  CCCI_HOST: z.string().default('local').describe('Name of this host: lower-case letters, digits, dashes'),
  FORGE_TOKEN_FILE: z.string().describe('File with a token: read:issue, read:repository, read:organization, read:user'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('How much is logged'),
});
export type Config = z.infer<typeof Config>;

/** The configuration of this process. Throws SettingsRefused with all mistakes at once. */
export function readConfig(environment: Environment = process.env): Config {
  return readEnv(Config, environment);
}
