import { type Environment, readEnv } from '@cc-ci/shared/service/env';
import { z } from 'zod';

const TokenFile = z.string().optional();

/** What `ccci up` is started with: all that the four services need of the environment, in one process. */
export const UpConfig = z.object({
  REDIS_URL: z.url().describe('Redis that all services share, e.g. redis://localhost:6379'),
  CCCI_SETTINGS: z.string().default('/etc/cc-ci/cc-ci.yml').describe('The instance file'),
  CCCI_HOST: z.string().default('local').describe('Name of this host: lower-case letters, digits, dashes'),
  CCCI_FOLDER: z.string().default('/var/lib/cc-ci').describe('Folder for checkouts and scratch files'),
  DOCKER_HOST: z.string().default('unix:///var/run/docker.sock').describe('Docker engine that apps are deployed on'),
  RUNNER_CAPACITY: z.coerce.number().int().positive().default(1).describe('Runs that this host carries out at the same time'),
  TRIGGER_TOKEN_FILE: TokenFile.describe('File with the token that reads the forge'),
  RUNNER_TOKEN_FILE: TokenFile.describe('File with a token that reads repositories; not needed where all recipes are public'),
  REPORTER_TOKEN_FILE: TokenFile.describe('File with the token that writes comments'),
  ADMIN_TOKEN_FILE: z.string().describe('File with the token that operators sign in with'),
  LISTEN_PORT: z.coerce.number().int().min(0).max(65535).default(8080).describe('Port of the dashboard'),
  ADMIN_PORT: z.coerce.number().int().min(0).max(65535).default(8081).describe('Port of the operators’ pages, on loopback'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('How much is logged'),
});

/** The configuration of `ccci up`. Throws SettingsRefused with all mistakes at once. */
export function readUpConfig(environment: Environment = process.env): z.infer<typeof UpConfig> {
  return readEnv(UpConfig, environment);
}

/** Where the demo keeps its log: the cache of this checkout. */
export function demoLogLevel(environment: Environment = process.env): 'debug' | 'info' | 'warn' | 'error' {
  return z.enum(['debug', 'info', 'warn', 'error']).catch('info').parse(environment['LOG_LEVEL']);
}
