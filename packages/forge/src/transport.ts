/**
 * The wire: a `fetch` for the forge that adds the token, a deadline, a cap on parallel requests and retries of reads,
 * follows no redirect, and turns every answer that is not 2xx into a typed error.
 */
import pRetry from 'p-retry';
import { z } from 'zod';
import {
  ForgeAnswerUnusable,
  type ForgeError,
  ForgeMoved,
  ForgeNotFound,
  ForgeRefused,
  ForgeRequestInvalid,
  ForgeUnreachable,
} from './errors.ts';
import { slots } from './slots.ts';

export interface Transport {
  /** Asked before each request, so that a rotated token is used at once. Undefined: anonymous. */
  token: () => Promise<string | undefined>;
  fetch: typeof fetch;
  /** For one attempt, with its body. */
  timeoutMs: number;
  /** Pause before the second attempt of a read; it doubles after that. */
  firstRetryMs: number;
  parallel: number;
}

/** A read is tried four times: over 0.5 s, 1 s and 2 s with the usual pause, a restart of a proxy passes unseen. */
const READ_RETRIES = 3;
/** A forge that asks for a longer pause is left to the queue, whose job can wait without holding anything. */
const LONGEST_PAUSE_MS = 10_000;
/** Enough of the forge's own words to recognise them; they are a stranger's text. */
const SAID_CHARACTERS = 200;

/** Answers with the whole body already read, 2xx only; all else is thrown as a `ForgeError`. */
export function forgeFetch(transport: Transport): typeof fetch {
  const slot = slots(transport.parallel);
  return (input, init) => {
    const attempt = () => slot(() => once(new Request(input, { ...init, redirect: 'manual' }), transport));
    if (init?.method !== 'GET') return attempt();
    return pRetry(attempt, {
      retries: READ_RETRIES,
      minTimeout: transport.firstRetryMs,
      shouldRetry: ({ error }) => error instanceof ForgeUnreachable && (error.retryAfterMs ?? 0) <= LONGEST_PAUSE_MS,
      onFailedAttempt: async ({ error, retriesLeft }) => {
        if (retriesLeft > 0 && error instanceof ForgeUnreachable) await pause(error.retryAfterMs);
      },
    });
  };
}

async function once(request: Request, transport: Transport): Promise<Response> {
  const token = await transport.token();
  if (token !== undefined) request.headers.set('authorization', `token ${printable(token)}`);
  const route = `${request.method} ${new URL(request.url).pathname}`;
  const answered = await exchange(request, route, transport);
  if (answered.status >= 200 && answered.status < 300) return answered;
  throw failure(route, answered.status, answered.headers, await answered.text());
}

/** Checked here, since the platform would quote a token that cannot be a header in its error. */
function printable(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ForgeRequestInvalid('Anything', 'the token is empty or holds blanks; its file must hold the token alone');
}

/** One request and its whole answer, so that an answer that breaks off counts as none. */
async function exchange(request: Request, route: string, { fetch, timeoutMs }: Transport): Promise<Response> {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(timeoutMs) });
    const body = await response.text();
    return new Response(body === '' ? null : body, { status: response.status, headers: response.headers });
  } catch (cause) {
    throw new ForgeUnreachable({ route, why: reason(cause, timeoutMs) }, { cause });
  }
}

function reason(cause: unknown, timeoutMs: number): string {
  if (!(cause instanceof Error)) return 'the request failed';
  if (cause.name === 'TimeoutError') return `no whole answer within ${timeoutMs / 1000} s`;
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}

/** The error that a status means. Its text is read only to tell a missing scope from a missing right. */
function failure(route: string, status: number, headers: Headers, body: string): ForgeError {
  const said = messageOf(body);
  const refused = (because: ForgeRefused['because']) => new ForgeRefused({ route, status, because, said });
  switch (status) {
    case 401:
      return refused('token');
    case 403:
      if (said.includes('required scope')) return refused('scope');
      return refused(said.includes('prohibited from signing in') ? 'token' : 'right');
    case 404:
      return new ForgeNotFound({ route, status });
    case 423:
      return refused('archived');
    case 429:
    case 502:
    case 503:
    case 504:
      return new ForgeUnreachable({ route, status, why: `answer ${status}`, retryAfterMs: retryAfterMs(headers) });
    default:
      if (status >= 300 && status < 400) return new ForgeMoved({ route, status });
      if (status >= 500) return new ForgeAnswerUnusable({ route, status, why: `${status}, it failed inside` });
      return refused('request');
  }
}

const ErrorBody = z.object({ message: z.string() });

function messageOf(body: string): string {
  try {
    const message = ErrorBody.parse(JSON.parse(body)).message;
    return message.replaceAll(/\s+/g, ' ').slice(0, SAID_CHARACTERS);
  } catch {
    return '';
  }
}

/** `Retry-After` in seconds or as a date; undefined when absent or senseless. */
function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

async function pause(ms: number | undefined): Promise<void> {
  if (ms === undefined || ms > LONGEST_PAUSE_MS) return;
  await new Promise((resolve) => setTimeout(resolve, ms));
}
