import { z } from 'zod';
import { ForgeAnswerUnusable } from './errors.ts';

/** What gitea-js hands back for a 2xx: the response with its body parsed, or null and an `error` where that was empty or not JSON. */
export interface Answered {
  status: number;
  headers: Headers;
  data: unknown;
  error: unknown;
}

/** Demands one of the given statuses: a redirected write, for one, comes back as a friendly 200. */
export function expectStatus(about: string, answer: Answered, ...statuses: number[]): void {
  if (statuses.includes(answer.status)) return;
  throw new ForgeAnswerUnusable({
    route: about,
    status: answer.status,
    why: `status ${answer.status}, expected ${statuses.join(' or ')}`,
  });
}

/** The body as the schema wants it; throws `ForgeAnswerUnusable` with each field that is wrong. */
export function parseBody<S extends z.ZodType>(about: string, answer: Answered, schema: S): z.output<S> {
  if (answer.error === null) return parseData(about, answer.data, schema);
  throw new ForgeAnswerUnusable({ route: about, status: answer.status, why: 'it is not JSON' }, { cause: answer.error });
}

/** The same for a part of an answer. */
export function parseData<S extends z.ZodType>(about: string, data: unknown, schema: S): z.output<S> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const why = z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ');
  throw new ForgeAnswerUnusable({ route: about, why }, { cause: parsed.error });
}

/** `X-Total-Count`, where the server sends one. */
export function totalOf(answer: Answered): number | undefined {
  const header = answer.headers.get('x-total-count');
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

/** The server's own clock, in whole seconds. */
export function serverTimeOf(about: string, answer: Answered): Date {
  const time = new Date(answer.headers.get('date') ?? '');
  if (!Number.isNaN(time.getTime())) return time;
  throw new ForgeAnswerUnusable({
    route: about,
    status: answer.status,
    why: 'it carries no Date header, and the local clock may not be used',
  });
}
