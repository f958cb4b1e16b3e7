import type { Environment } from '@cc-ci/shared/service/env';
import { Port, processVariables, readProcessSettings } from '@cc-ci/shared/service/process-settings';
import { z } from 'zod';

/** What differs between two processes of the reporter; everything else is in the instance file. */
export const Config = z.object({
  ...processVariables,
  FORGE_TOKEN_FILE: z
    .string()
    .describe('File with the token that comments, with scope write:issue; for statuses also write:repository'),
  ADMIN_TOKEN_FILE: z.string().describe('File with the token that operators sign in with'),
  LISTEN_ADDRESS: z.string().default('127.0.0.1').describe('Address of the dashboard'),
  LISTEN_PORT: Port.default(8080).describe('Port of the dashboard; 0: any free one'),
  ADMIN_LISTEN_ADDRESS: z.string().default('127.0.0.1').describe('Address of the pages for operators'),
  ADMIN_LISTEN_PORT: Port.default(8081).describe('Port of the pages for operators; 0: any free one'),
});

/** All that this process is told. Throws SettingsRefused with all mistakes at once. */
export function readConfig(environment: Environment = process.env) {
  return readProcessSettings(Config, environment);
}
