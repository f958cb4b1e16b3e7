import type { Environment } from '@cc-ci/shared/service/env';
import { processVariables, readProcessSettings } from '@cc-ci/shared/service/process-settings';
import { z } from 'zod';

/** What differs between two runners; everything else is in the instance file. */
export const Config = z.object({
  ...processVariables,
  CCCI_STATE: z
    .string()
    .startsWith('/', 'expected an absolute path')
    .default('/var/lib/cc-ci-runner')
    .describe('Folder of this runner alone, for checkouts; what is in it is deleted'),
  CCCI_CAPACITY: z.coerce.number().int().positive().default(1).describe('Runs that this runner carries out at the same time'),
  DOCKER_HOST: z
    .string()
    .regex(/^(?:unix|tcp):\/\/./, 'expected unix:///path or tcp://host:port')
    .default('unix:///var/run/docker.sock')
    .describe('The Docker engine, a Swarm manager'),
  FORGE_TOKEN_FILE: z.string().optional().describe('File with a read-only token; not needed where all recipes are public'),
});

/** All that this process is told. Throws SettingsRefused with all mistakes at once. */
export function readConfig(environment: Environment = process.env) {
  return readProcessSettings(Config, environment);
}
