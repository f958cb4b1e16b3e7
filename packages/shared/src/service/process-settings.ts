import { z } from 'zod';
import { Slug } from '../contract/ids.ts';
import { Settings } from '../contract/settings.ts';
import { type Environment, readEnv } from './env.ts';
import { secretFile } from './secret-file.ts';
import { readSettings } from './settings-file.ts';
import { type Mistake, SettingsRefused } from './settings-refused.ts';

/** The variables that every process of ours knows. Spread them into its schema. */
export const processVariables = {
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'expected redis://host:port or rediss://host:port' })
    .describe('Redis that all services share, e.g. redis://localhost:6379'),
  CCCI_SETTINGS: z.string().default('/etc/cc-ci/cc-ci.yml').describe('The instance file'),
  CCCI_HOST: Slug.default('local').describe('Name of this host: lower-case letters, digits, dashes'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('How much is logged'),
};

const Port = z.coerce.number().int().min(0).max(65_535);

/** Those of a process in which a runner lives: the runner itself, and `ccci up`. */
export const runnerVariables = {
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
  CCCI_PROXY_ADDRESS: z
    .string()
    .optional()
    .describe('Address of this host’s proxy, where it is not the one of the instance file'),
};

const WebhookSecret = z
  .string()
  .optional()
  .describe(
    'File with the secret of the forge’s webhooks; while it is rotated, the new one and the old one on lines of their own',
  );

/** Those of a process in which the trigger lives. It listens only where one of the two files is named. */
export const triggerVariables = {
  WEBHOOK_SECRET_FILE: WebhookSecret,
  API_TOKENS_FILE: z
    .string()
    .optional()
    .describe('File with the tokens of the HTTP API: a line each with a name, `runs`, and the SHA-256 of the token'),
  TRIGGER_LISTEN_ADDRESS: z.string().default('127.0.0.1').describe('Address of webhooks and of the HTTP API'),
  TRIGGER_LISTEN_PORT: Port.default(8082).describe('Port of webhooks and of the HTTP API; 0: any free one'),
};

/** Those of a process in which the reporter lives. */
export const reporterVariables = {
  ADMIN_TOKEN_FILE: z.string().describe('File with the token that operators sign in with'),
  LISTEN_ADDRESS: z.string().default('127.0.0.1').describe('Address of the dashboard'),
  LISTEN_PORT: Port.default(8080).describe('Port of the dashboard; 0: any free one'),
  ADMIN_LISTEN_ADDRESS: z.string().default('127.0.0.1').describe('Address of the pages for operators'),
  ADMIN_LISTEN_PORT: Port.default(8081).describe('Port of the pages for operators; 0: any free one'),
};

/** Those of a process in which infra lives. */
export const infraVariables = {
  WEBHOOK_AUTOREGISTER: z
    .enum(['0', '1'])
    .default('0')
    .describe('1: the forge’s webhooks are made and kept in order; needs the next three'),
  FORGE_ADMIN_TOKEN_FILE: z
    .string()
    .optional()
    .describe('File with a token of an administrator of the recipes, write:repository: only for webhooks'),
  WEBHOOK_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the forge reaches the trigger, e.g. https://ci.example.org/hooks/gitea'),
  WEBHOOK_SECRET_FILE: WebhookSecret,
};

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
