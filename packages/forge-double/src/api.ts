/** The frame of the API: what a route is, and how its answer, a refusal and the faults become HTTP. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Caller, callerOf, demandPerson, demandScope } from './access.ts';
import type { Viewer } from './answers-people.ts';
import { Refusal, Renamed } from './refusal.ts';
import type { World } from './world.ts';

export const API = '/api/v1';

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: string;
  /** What a token must have. */
  scope?: string;
  /** Anonymous callers get 401. */
  signedIn?: true;
  handle: (asked: Asked) => Answer | Promise<Answer>;
}

export interface Asked {
  caller: Caller;
  viewer: Viewer;
  params: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
}

export interface Answer {
  status: number;
  /** Undefined: no body at all. */
  body?: unknown;
  headers?: Record<string, string>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const nothing: Answer = { status: 204 };

const Params = z.record(z.string(), z.string());

/** Adds the routes to the server. */
export function mountApi(app: FastifyInstance, world: World, routes: Route[]): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: `${API}${route.path}`,
      handler: async (request, reply) => {
        const answer = await answerTo(world, route, request).catch((error) => refused(error, request));
        await world.faults.answersHeld;
        return await send(reply, hideSuccess(world, route, answer));
      },
    });
  }
}

async function answerTo(world: World, route: Route, request: FastifyRequest): Promise<Answer> {
  const proxy = world.faults.proxyAnswers;
  if (proxy.left > 0) {
    proxy.left -= 1;
    return proxyAnswer(proxy.status, proxy.retryAfterSeconds);
  }
  const caller = callerOf(world, request.headers.authorization);
  if (route.signedIn) demandPerson(caller);
  if (route.scope) demandScope(caller, route.scope);
  return await route.handle({
    caller,
    viewer: { person: caller.person, origin: originOf(request) },
    params: Params.parse(request.params),
    query: Params.parse(request.query),
    body: request.body,
  });
}

/** Links follow the address that was called. */
export function originOf(request: FastifyRequest): string {
  return `http://${request.host}`;
}

function proxyAnswer(status: number, retryAfterSeconds: number | undefined): Answer {
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return { status, body: `<html><h1>${status}</h1></html>`, headers: { 'content-type': 'text/html', ...headers } };
}

/** The write happened, and the answer says that it failed. */
function hideSuccess(world: World, route: Route, answer: Answer): Answer {
  if (world.faults.hiddenSuccesses === 0 || route.method === 'GET' || answer.status >= 300) return answer;
  world.faults.hiddenSuccesses -= 1;
  return { status: 500, body: { message: '', url: '' } };
}

function refused(error: unknown, request: FastifyRequest): Answer {
  const url = `${originOf(request)}/api/swagger`;
  if (error instanceof Refusal) return { status: error.status, body: { message: error.message, url } };
  if (error instanceof Renamed) return { status: 301, headers: { location: renamedUrl(request.url, error) } };
  if (error instanceof z.ZodError) return { status: 422, body: { message: z.prettifyError(error), url } };
  throw error;
}

function renamedUrl(url: string, { owner, repository }: Renamed): string {
  return url.replace(/^\/api\/v1\/repos\/[^/]+\/[^/?]+/, `${API}/repos/${owner}/${repository}`);
}

async function send(reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
  reply.code(answer.status).headers(answer.headers ?? {});
  if (answer.body === undefined) return await reply.send();
  if (typeof answer.body === 'string') return await reply.send(answer.body);
  // Serialised here, since `null` is an answer of Gitea's and would be an empty body otherwise.
  return await reply.type('application/json;charset=utf-8').send(JSON.stringify(answer.body));
}

/** One page of a list as Gitea cuts it: the size is clamped in silence, the total is a header. */
export function pageOf<T>(
  world: World,
  query: Record<string, string>,
  all: T[],
): { items: T[]; headers: Record<string, string> } {
  const page = Math.max(1, Number(query['page'] ?? 1) || 1);
  const limit = Math.min(Math.max(1, Number(query['limit'] ?? 30) || 30), world.longestPage);
  return { items: all.slice((page - 1) * limit, page * limit), headers: { 'x-total-count': String(all.length) } };
}

/** A time of the query; undefined when absent, 422 when it is none. */
export function timeOf(query: Record<string, string>, name: string): Date | undefined {
  const text = query[name];
  if (text === undefined || text === '') return undefined;
  const time = z.iso.datetime({ offset: true }).safeParse(text);
  if (!time.success) throw new Refusal(422, `parsing time "${text}" failed`);
  return new Date(time.data);
}

/** A number of the path; 404 when it is none. */
export function numberOf(params: Record<string, string>, name: string): number {
  const text = params[name] ?? '';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Refusal(404, "The target couldn't be found.");
}
