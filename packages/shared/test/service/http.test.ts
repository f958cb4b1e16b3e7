import { once } from 'node:events';
import { get } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpServer, openHttp } from '../../src/service/http.ts';
import { HttpRefusal } from '../../src/service/http-refusal.ts';
import { QueueUnavailable } from '../../src/service/queue-producer.ts';
import { memoryLog } from './memory-log.ts';

class NoSuchRun extends Error {
  override readonly name = 'NoSuchRun';
  readonly statusCode = 404;
}

const { log, lines } = memoryLog('debug');
let answers = true;
let server: HttpServer;

async function open(): Promise<HttpServer> {
  server = await openHttp({
    service: 'reporter',
    host: '127.0.0.1',
    port: 0,
    log,
    redis: { answers: () => answers },
    routes(app) {
      app.get('/typed', async () => {
        throw new NoSuchRun('There is no run 8f3a2c.');
      });
      app.get('/untyped', async () => {
        throw new Error('ENOENT: /var/lib/cc-ci/x');
      });
      app.get('/queue', async () => {
        throw new QueueUnavailable('intake', { cause: new Error('closed') });
      });
      app.get('/closed', async () => {
        throw new HttpRefusal(401, 'This takes a token.');
      });
      app.post('/echo', async (request) => request.body);
      app.get('/stream', (_request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
      });
    },
  });
  return server;
}

async function ask(path: string, init?: RequestInit): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${(await open()).url}${path}`, init);
  return { status: response.status, body: await response.json() };
}

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  answers = true;
  lines.length = 0;
});

describe('the HTTP server of a service', () => {
  it('says that it is well', async () => {
    expect(await ask('/healthz')).toEqual({
      status: 200,
      body: { service: 'reporter', redis: 'answers', uptimeSeconds: expect.any(Number) },
    });
  });

  it.each(['/healthz', '/readyz'])('says that it is not ready while Redis is away: %s', async (path) => {
    answers = false;
    expect(await ask(path)).toMatchObject({ status: 503, body: { redis: 'away' } });
  });

  it('says to whoever brings no token what it would take', async () => {
    const answer = await fetch(`${(await open()).url}/closed`);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it.each([
    ['tells the client what a typed error says', '/typed', 404, 'There is no run 8f3a2c.'],
    ['names what is not there, without the query', '/nowhere?token=x', 404, 'There is nothing at /nowhere.'],
    [
      'asks to come back later while the queue takes nothing',
      '/queue',
      503,
      'The queue intake cannot take a job at the moment. Nothing was started; please ask again later.',
    ],
    [
      'keeps to itself what an error says that nobody foresaw',
      '/untyped',
      500,
      expect.stringMatching(/^Something went wrong here\. The log of reporter has it as request req-\w+\.$/),
    ],
  ])('%s', async (_, path, status, detail) =>
    expect(await ask(path)).toMatchObject({ status, body: { type: 'about:blank', status, detail } }),
  );

  it('logs an error that nobody foresaw', async () => {
    await ask('/untyped');
    expect(lines.join()).toContain('ENOENT: /var/lib/cc-ci/x');
  });

  it.each([
    ['refuses a body that is too large', 'x'.repeat(1024 * 1024), 413],
    ['refuses a body that is no JSON', '{', 400],
  ])('%s', async (_, text, status) => {
    const body = status === 413 ? JSON.stringify({ text }) : text;
    expect(await ask('/echo', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).toMatchObject({
      status,
    });
  });

  it('logs requests without their query', async () => {
    await ask('/typed?access=hunter2hunter2');
    expect(lines.join()).toContain('"path":"/typed"');
    expect(lines.join()).not.toContain('hunter2hunter2');
  });

  it('closes although somebody reads a stream', async () => {
    const { url } = await open();
    const [response] = await once(get(`${url}/stream`), 'response');
    await once(response, 'data');
    const ended = once(response, 'close').catch(() => 'aborted');
    response.on('error', () => undefined);
    await server[Symbol.asyncDispose]();
    await ended;
  });
});
