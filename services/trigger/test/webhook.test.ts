import { openHttp } from '@cc-ci/shared/service/http';
import { openLog } from '@cc-ci/shared/service/log';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveWebhook, type WebhookParts } from '../src/webhook.ts';
import { deliver, payload, secret } from './ways.ts';

const body = payload({ v: 1, repo: { id: 7, owner: 'coop', name: 'wiki' }, commentId: 42, updatedAt: 0 }, '!testme');

/** Delivers a comment to a receiver whose Redis behaves like this. */
async function delivered(redis: Pick<WebhookParts, 'intake' | 'enqueue'>) {
  const log = openLog({ service: 'trigger', instance: 'test', destination: { write: () => undefined } });
  const server = await openHttp({
    service: 'trigger',
    host: '127.0.0.1',
    port: 0,
    log,
    redis: { answers: () => true },
    routes: (app) => serveWebhook(app, { secrets: async () => [secret], word: '!testme', log, ...redis }),
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return await deliver(server.url, body);
}

const done = async (): Promise<void> => undefined;
const fails = async (): Promise<never> => Promise.reject(new Error('Redis is away.'));
const hangs = (): Promise<never> => new Promise(() => undefined);

describe('a delivery', () => {
  it('is answered with 2xx once it is written down', async () => {
    expect(await delivered({ intake: { saw: async () => true }, enqueue: done })).toMatchObject({ status: 202 });
  });

  it.each<[title: string, redis: Pick<WebhookParts, 'intake' | 'enqueue'>]>([
    ['its comment cannot be written down', { intake: { saw: fails }, enqueue: done }],
    ['it cannot be queued', { intake: { saw: async () => true }, enqueue: fails }],
    // The forge waits for 5 s, and would not say that it gave up.
    ['Redis does not answer in time', { intake: { saw: hangs }, enqueue: done }],
  ])('is answered with 503 where %s', async (_, redis) => {
    expect(await delivered(redis)).toMatchObject({ status: 503, said: expect.stringContaining('The next poll finds it.') });
  });
});
