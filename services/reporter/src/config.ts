import { type Environment, readEnv } from '@cc-ci/shared/service/env';
import { z } from 'zod';

const Port = z.coerce.number().int().min(0).max(65_535);

/** What differs between two processes of the reporter; everything else is in the instance file. */
export const Config = z.object({
  REDIS_URL: z.url().describe('Redis that all services share, e.g. redis://localhost:6379'),
  CCCI_SETTINGS: z.string().default('/etc/cc-ci/cc-ci.yml').describe('The instance file'),
  CCCI_HOST: z.string().default('local').describe('Name of this host: lower-case letters, digits, dashes'),
  FORGE_TOKEN_FILE: z
    .string()
    .describe('File with the token that comments, with scope write:issue; for statuses also write:repository'),
  ADMIN_TOKEN_FILE: z.string().describe('File with the token that operators sign in with'),
  LISTEN_ADDRESS: z.string().default('127.0.0.1').describe('Address of the dashboard'),
  LISTEN_PORT: Port.default(8080).describe('Port of the dashboard; 0: any free one'),
  ADMIN_LISTEN_ADDRESS: z.string().default('127.0.0.1').describe('Address of the pages for operators'),
  ADMIN_LISTEN_PORT: Port.default(8081).describe('Port of the pages for operators; 0: any free one'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('How much is logged'),
});
export type Config = z.infer<typeof Config>;

/** The configuration of this process. Throws SettingsRefused with all mistakes at once. */
export function readConfig(environment: Environment = process.env): Config {
  return readEnv(Config, environment);
}
