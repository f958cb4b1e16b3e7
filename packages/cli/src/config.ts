import { Settings } from '@cc-ci/shared/contract/settings';
import { type Environment, readEnv } from '@cc-ci/shared/service/env';
import {
  infraVariables,
  processVariables,
  readProcessSettings,
  reporterVariables,
  runnerVariables,
  triggerVariables,
} from '@cc-ci/shared/service/process-settings';
import { readSettings } from '@cc-ci/shared/service/settings-file';
import { SettingsRefused } from '@cc-ci/shared/service/settings-refused';
import { z } from 'zod';

/** What `ccci doctor` is told. */
export const DoctorConfig = z.object({
  CCCI_SETTINGS: processVariables.CCCI_SETTINGS,
  DOCKER_HOST: runnerVariables.DOCKER_HOST,
});

/** All that `ccci doctor` is told: an instance file with mistakes is a finding like others. Throws SettingsRefused for the environment. */
export async function readDoctorConfig(environment: Environment = process.env) {
  const config = readEnv(DoctorConfig, environment);
  const settings = await readSettings(config.CCCI_SETTINGS, Settings).catch((error: unknown) => {
    if (error instanceof SettingsRefused) return error;
    throw error;
  });
  return { config, settings };
}

/** What `ccci up` is started with: all that the four services need of the environment, in one process. */
export const UpConfig = z.object({
  ...processVariables,
  ...infraVariables,
  ...runnerVariables,
  ...triggerVariables,
  ...reporterVariables,
  TRIGGER_TOKEN_FILE: z.string().describe('File with the token that reads the forge'),
  REPORTER_TOKEN_FILE: z.string().describe('File with the token that writes comments'),
  RUNNER_TOKEN_FILE: z
    .string()
    .optional()
    .describe('File with a token that reads repositories; not needed where all recipes are public'),
});

/** All that `ccci up` is told. Throws SettingsRefused with all mistakes at once. */
export function readUpConfig(environment: Environment = process.env) {
  return readProcessSettings(UpConfig, environment);
}

/** What a command needs that looks at the records, or changes them. */
export const RecordsConfig = z.object({ REDIS_URL: processVariables.REDIS_URL, CCCI_SETTINGS: processVariables.CCCI_SETTINGS });

/** All that such a command is told. Throws SettingsRefused with all mistakes at once. */
export function readRecordsConfig(environment: Environment = process.env) {
  return readProcessSettings(RecordsConfig, environment);
}

/** What `ccci run` is told; nothing of it has to be. */
export const RunConfig = z.object({
  CCCI_SETTINGS: z.string().optional().describe('The instance file; without it, recipes of the forge of Co-op Cloud'),
  REDIS_URL: processVariables.REDIS_URL.optional().describe('A Redis to use; without it, one of its own'),
  CCCI_HOST: processVariables.CCCI_HOST,
  DOCKER_HOST: runnerVariables.DOCKER_HOST,
  CCCI_PROXY_ADDRESS: runnerVariables.CCCI_PROXY_ADDRESS,
});

/** All that `ccci run` is told. Throws SettingsRefused. */
export function readRunConfig(environment: Environment = process.env) {
  return readEnv(RunConfig, environment);
}

/** How much the services of the demo log. */
export function demoLogLevel(environment: Environment = process.env): 'debug' | 'info' | 'warn' | 'error' {
  return z.enum(['debug', 'info', 'warn', 'error']).catch('info').parse(environment['LOG_LEVEL']);
}
