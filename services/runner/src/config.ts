import { Slug } from '@cc-ci/shared/contract/ids';
import { type Environment, readEnv } from '@cc-ci/shared/service/env';
import { z } from 'zod';

/** What differs between two runners; everything else is in the instance file. */
export const Config = z.object({
  REDIS_URL: z.url().describe('Redis that all services share, e.g. redis://localhost:6379'),
  CCCI_SETTINGS: z.string().default('/etc/cc-ci/cc-ci.yml').describe('The instance file'),
  CCCI_HOST: Slug.default('local').describe('Name of this host: lower-case letters, digits, dashes'),
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
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('How much is logged'),
});
export type Config = z.infer<typeof Config>;

/** The configuration of this process. Throws SettingsRefused with all mistakes at once. */
export function readConfig(environment: Environment = process.env): Config {
  return readEnv(Config, environment);
}
