import { z } from 'zod';
import { Slug } from '../contract/ids.ts';
import { Settings } from '../contract/settings.ts';
import { type Environment, readEnv } from './env.ts';
import { secretFile } from './secret-file.ts';
import { readSettings } from './settings-file.ts';
import { type Mistake, SettingsRefused } from './settings-refused.ts';

/** The variables that every process of ours knows. Spread them into its schema. */
export const processVariables = {
  REDIS_URL: z.url().describe('Redis that all services share, e.g. redis://localhost:6379'),
  CCCI_SETTINGS: z.string().default('/etc/cc-ci/cc-ci.yml').describe('The instance file'),
  CCCI_HOST: Slug.default('local').describe('Name of this host: lower-case letters, digits, dashes'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('How much is logged'),
};

/** A TCP port in the environment; 0: any free one. */
export const Port = z.coerce.number().int().min(0).max(65_535);

/**
 * All that a process is told: its environment, the instance file that it names, and the secrets in the files that it names.
 * Throws one SettingsRefused with the mistakes of all three.
 */
export async function readProcessSettings<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
): Promise<{ config: z.infer<Schema>; settings: Settings }> {
  const path = processVariables.CCCI_SETTINGS.parse(environment['CCCI_SETTINGS'] || undefined);
  const [config, settings, ...secrets] = await Promise.allSettled([
    (async () => readEnv(schema, environment))(),
    readSettings(path, Settings),
    ...secretFilesOf(schema, environment).map((file) => secretFile(file)()),
  ]);
  if (config.status === 'fulfilled' && settings.status === 'fulfilled' && secrets.every(({ status }) => status === 'fulfilled')) {
    return { config: config.value, settings: settings.value };
  }
  throw together([config, settings, ...secrets]);
}

function secretFilesOf(schema: z.ZodObject, environment: Environment): string[] {
  const names = Object.keys(schema.shape).filter((name) => name.endsWith('_FILE'));
  return names.flatMap((name) => environment[name] || []);
}

/** One refusal out of several; what is no refusal is a fault of ours and goes first. */
function together(results: readonly PromiseSettledResult<unknown>[]): unknown {
  const errors = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  const mistakes: Mistake[] = [];
  for (const error of errors) {
    if (!(error instanceof SettingsRefused)) return error;
    mistakes.push(...error.mistakes);
  }
  return new SettingsRefused('the settings', mistakes);
}
