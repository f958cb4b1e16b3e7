import type { Environment } from '@cc-ci/shared/service/env';
import { processVariables, readProcessSettings, reporterVariables } from '@cc-ci/shared/service/process-settings';
import { z } from 'zod';

/** What differs between two processes of the reporter; everything else is in the instance file. */
export const Config = z.object({
  ...processVariables,
  ...reporterVariables,
  FORGE_TOKEN_FILE: z
    .string()
    .describe('File with the token that comments: write:issue, read:user, read:repository; for statuses write:repository'),
});

/** All that this process is told. Throws SettingsRefused with all mistakes at once. */
export function readConfig(environment: Environment = process.env) {
  return readProcessSettings(Config, environment);
}
