import type { Environment } from '@cc-ci/shared/service/env';
import { infraVariables, processVariables, readProcessSettings } from '@cc-ci/shared/service/process-settings';
import { z } from 'zod';

/** What differs between two processes of infra; everything else is in the instance file. */
export const Config = z.object({
  ...processVariables,
  ...infraVariables,
  FORGE_TOKEN_FILE: z.string().optional().describe('File with a read-only token; not needed where all recipes are public'),
});

/** All that this process is told. Throws SettingsRefused with all mistakes at once. */
export function readConfig(environment: Environment = process.env) {
  return readProcessSettings(Config, environment);
}
