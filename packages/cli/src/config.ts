import type { Environment } from '@cc-ci/shared/service/env';
import { Port, processVariables, readProcessSettings } from '@cc-ci/shared/service/process-settings';
import { z } from 'zod';

/** What `ccci up` is started with: all that the four services need of the environment, in one process. */
export const UpConfig = z.object({
  ...processVariables,
  CCCI_STATE: z
    .string()
    .startsWith('/', 'expected an absolute path')
    .default('/var/lib/cc-ci-runner')
    .describe('Folder of this process alone, for checkouts; what is in it is deleted'),
  CCCI_CAPACITY: z.coerce.number().int().positive().default(1).describe('Runs that are carried out at the same time'),
  DOCKER_HOST: z.string().default('unix:///var/run/docker.sock').describe('The Docker engine, a Swarm manager'),
  TRIGGER_TOKEN_FILE: z.string().describe('File with the token that reads the forge'),
  REPORTER_TOKEN_FILE: z.string().describe('File with the token that writes comments'),
  RUNNER_TOKEN_FILE: z
    .string()
    .optional()
    .describe('File with a token that reads repositories; not needed where all recipes are public'),
  ADMIN_TOKEN_FILE: z.string().describe('File with the token that operators sign in with'),
  LISTEN_ADDRESS: z.string().default('127.0.0.1').describe('Address of the dashboard'),
  LISTEN_PORT: Port.default(8080).describe('Port of the dashboard; 0: any free one'),
  ADMIN_LISTEN_ADDRESS: z.string().default('127.0.0.1').describe('Address of the pages for operators'),
  ADMIN_LISTEN_PORT: Port.default(8081).describe('Port of the pages for operators; 0: any free one'),
});

/** All that `ccci up` is told. Throws SettingsRefused with all mistakes at once. */
export function readUpConfig(environment: Environment = process.env) {
  return readProcessSettings(UpConfig, environment);
}

/** How much the services of the demo log. */
export function demoLogLevel(environment: Environment = process.env): 'debug' | 'info' | 'warn' | 'error' {
  return z.enum(['debug', 'info', 'warn', 'error']).catch('info').parse(environment['LOG_LEVEL']);
}
