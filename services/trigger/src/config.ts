import type { Environment } from '@cc-ci/shared/service/env';
import { processVariables, readProcessSettings, triggerVariables } from '@cc-ci/shared/service/process-settings';
import { z } from 'zod';

/** What differs between two processes of the trigger; everything else is in the instance file. */
export const Config = z.object({
  ...processVariables,
  ...triggerVariables,
  FORGE_TOKEN_FILE: z.string().describe('File with a token: read:issue, read:repository, read:organization, read:user'),
});

/** All that this process is told. Throws SettingsRefused with all mistakes at once. */
export function readConfig(environment: Environment = process.env) {
  return readProcessSettings(Config, environment);
}
