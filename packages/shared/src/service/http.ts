import { STATUS_CODES } from 'node:http';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Log } from './log.ts';
import type { RedisConnection } from './redis.ts';
import { scrub } from './scrub.ts';

/** A listening HTTP server. Disposing it ends open streams too. */
export interface HttpServer extends AsyncDisposable {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
}

export interface HttpOptions {
  readonly service: string;
  readonly host: string;
  /** 0: any free port; the url says which. */
  readonly port: number;
  readonly log: Log;
  readonly redis: Pick<RedisConnection, 'answers'>;
  /** Adds the service's own routes. */
  readonly routes: (app: FastifyInstance) => void | Promise<void>;
}

/** Webhooks with long comments fit; nobody sends us files. */
const BODY_LIMIT_BYTES = 1024 * 1024;
/** A client that is slower than this with its request holds a connection for nothing. */
const REQUEST_TIMEOUT_MS = 30_000;
const UNAUTHORIZED = 401;
/** Two names for one question: without Redis nothing can be served. */
const HEALTH_PATHS = ['/healthz', '/readyz'];

/**
 * Serves a service's routes, `/healthz` and `/readyz` beside them. An error that carries a `statusCode` from 400 to 499, or 503, answers
 * with that status and its sentence as problem details; every other one is logged and answers 500 without details.
 */
export async function openHttp({ service, host, port, log, redis, routes }: HttpOptions): Promise<HttpServer> {
  // Without this a close would wait for ever for a live log that somebody is reading.
  const app = Fastify({ forceCloseConnections: true, bodyLimit: BODY_LIMIT_BYTES, requestTimeout: REQUEST_TIMEOUT_MS });

  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    const isForTheClient = (status >= 400 && status < 500) || status === 503;
    if (!isForTheClient || status === 503) log.error({ err: error, ...where(request) }, 'A request failed.');
    return isForTheClient
      ? problem(reply, status, scrub(error.message))
      : problem(reply, 500, `Something went wrong here. The log of ${service} has it as request ${request.id}.`);
  });
  app.setNotFoundHandler(async (request, reply) => problem(reply, 404, `There is nothing at ${where(request).path}.`));
  app.addHook('onResponse', async (request, reply) => {
    const facts = { ...where(request), status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    log[HEALTH_PATHS.some((path) => path === request.routeOptions.url) ? 'debug' : 'info'](facts, 'request');
  });
  for (const path of HEALTH_PATHS)
    app.get(path, async (_request, reply) => {
      const answers = redis.answers();
      return reply
        .status(answers ? 200 : 503)
        .send({ service, redis: answers ? 'answers' : 'away', uptimeSeconds: Math.floor(process.uptime()) });
    });
  await app.register(async (scope) => routes(scope));

  const url = await app.listen({ host, port });
  log.info({ url }, 'listening');
  return { url, [Symbol.asyncDispose]: () => app.close() };
}

/** An answer that is a refusal, as problem details (RFC 9457). */
function problem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  const body = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail };
  // HTTP wants a 401 to say what would be taken instead: our tokens are bearer tokens.
  if (status === UNAUTHORIZED) reply.header('www-authenticate', 'Bearer');
  return reply.status(status).type('application/problem+json').send(JSON.stringify(body));
}

/** What the log says about a request: never its query or headers, which may hold tokens. */
function where(request: FastifyRequest): { request: string; method: string; path: string } {
  return { request: request.id, method: request.method, path: request.url.split('?', 1)[0] ?? '' };
}
