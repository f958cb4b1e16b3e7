import type { ForgeReader } from '@cc-ci/forge/forge';
import type { IntakeJob, RunJob } from '@cc-ci/shared/contract/queues';
import type { Settings } from '@cc-ci/shared/contract/settings';
import { readEnrolled } from '@cc-ci/shared/runs/enrolled';
import { openIntakeStore } from '@cc-ci/shared/runs/intake-store';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { openRunStore } from '@cc-ci/shared/runs/store';
import { openAnnouncer } from '@cc-ci/shared/service/announce';
import { type HttpServer, openHttp } from '@cc-ci/shared/service/http';
import type { Log } from '@cc-ci/shared/service/log';
import type { triggerVariables } from '@cc-ci/shared/service/process-settings';
import { openProducer } from '@cc-ci/shared/service/queue-producer';
import { openRedis } from '@cc-ci/shared/service/redis';
import { rotatingSecretFile, secretFile } from '@cc-ci/shared/service/secret-file';
import type { z } from 'zod';
import { serveApi } from './api.ts';
import { readTokens } from './api-tokens.ts';
import { serveWebhook } from './webhook.ts';

/** Ways in besides the polls. */
export interface Ways {
  readonly listen: { readonly address: string; readonly port: number };
  /** The secret of webhooks, and those that it replaces. Undefined: no webhooks. */
  readonly webhookSecrets: (() => Promise<readonly string[]>) | undefined;
  /** The text of the file of API tokens. Undefined: no API. */
  readonly apiTokens: (() => Promise<string>) | undefined;
}

/** The ways in that the variables of a process open; undefined where they open none. */
export function waysIn(config: z.infer<z.ZodObject<typeof triggerVariables>>): Ways | undefined {
  const { WEBHOOK_SECRET_FILE: webhook, API_TOKENS_FILE: api } = config;
  if (webhook === undefined && api === undefined) return undefined;
  return {
    listen: { address: config.TRIGGER_LISTEN_ADDRESS, port: config.TRIGGER_LISTEN_PORT },
    webhookSecrets: webhook === undefined ? undefined : rotatingSecretFile(webhook),
    apiTokens: api === undefined ? undefined : secretFile(api),
  };
}

export interface WaysParts {
  readonly settings: Settings;
  readonly redisUrl: string;
  readonly forge: ForgeReader;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Listens for the forge and for those with a token, each in a room of its own: they read bodies in different ways. */
export async function openWays(
  { listen, webhookSecrets, apiTokens }: Ways,
  { settings, redisUrl, forge, log, signal }: WaysParts,
): Promise<HttpServer> {
  const { instance } = settings;
  await using opened = new AsyncDisposableStack();
  // A connection that fails while Redis is away: whoever waits for an answer has to hear of it.
  const redis = opened.use(await openRedis(redisUrl, { log, role: 'command', signal }));
  const { client } = redis;
  const producer = openProducer({ connection: redis, prefix: keysOf(instance).queuePrefix });
  const announce = openAnnouncer(producer, log);
  const tokens = apiTokens && (async () => readTokens(await apiTokens()));
  // A file with a mistake is better found now than by whoever asks first.
  await tokens?.();
  const webhook = webhookSecrets && {
    secrets: webhookSecrets,
    intake: openIntakeStore(client, instance, announce),
    enqueue: (job: IntakeJob) => producer.add('intake', job),
    word: settings.trigger.word,
    log,
  };
  const api = tokens && {
    tokens,
    enrolled: () => readEnrolled(client, instance),
    forge,
    runs: openRunStore(client, instance, announce, log),
    enqueue: (job: RunJob) => producer.add('runs', job),
    publicUrl: settings.dashboard.public_url,
    now: Date.now,
  };
  const server = opened.use(
    await openHttp({
      service: 'trigger',
      host: listen.address,
      port: listen.port,
      log,
      redis,
      async routes(app) {
        // What is not there is not served: its address answers as any other that does not exist.
        if (webhook) await app.register(async (room) => serveWebhook(room, webhook));
        if (api) await app.register(async (room) => serveApi(room, api));
      },
    }),
  );
  const running = opened.move();
  return { url: server.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
