import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { html } from 'hono/html';
import { z } from 'zod';
import { type Page, sendPage } from './layout.ts';

/** A working day: then an operator types the token again. */
const SESSION_MS = 12 * 60 * 60_000;
const COOKIE = 'cc-ci-operator';

export interface DoorOptions {
  readonly adminToken: () => Promise<string>;
  /** Unix milliseconds. */
  readonly now: () => number;
}

const Form = z.object({ token: z.string(), to: z.string().default('/') });

/**
 * Adds the sign-in form to an app, and gives the check for what lies behind it: the token as `Authorization: Bearer …`, or a
 * session that the form gave. A session is signed with the token, so another token ends all of them.
 */
export async function openDoor(app: FastifyInstance, { adminToken, now }: DoorOptions) {
  await app.register(cookie);
  await app.register(formbody);
  app.get('/sign-in', async (_request, reply) => sendPage(reply, signInPage('/', false)));
  app.post('/sign-in', async (request, reply) => {
    const { token, to } = Form.parse(request.body);
    const expected = await adminToken();
    if (!isSame(token, expected)) return sendPage(reply, signInPage(to, true));
    reply.setCookie(COOKIE, sessionOf(expected, now() + SESSION_MS), {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: request.protocol === 'https',
      maxAge: SESSION_MS / 1000,
    });
    return reply.redirect(withinThisSite(to), 303);
  });

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const expected = await adminToken();
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined && isSame(bearer, expected)) return undefined;
    if (isSession(request.cookies[COOKIE] ?? '', expected, now())) return undefined;
    return sendPage(reply.header('www-authenticate', 'Bearer'), signInPage(request.url, false));
  };
}

/** The value of a session's cookie: when it ends, and a signature. @param until Unix milliseconds */
export function sessionOf(token: string, until: number): string {
  return `${until}.${createHmac('sha256', token).update(`cc-ci session until ${until}`).digest('hex')}`;
}

/** Whether this is a session that this token signed, and that has not ended. */
export function isSession(value: string, token: string, now: number): boolean {
  const until = Number(/^(\d{1,16})\./.exec(value)?.[1]);
  return until > now && isSame(value, sessionOf(token, until));
}

/** In constant time, whatever their lengths. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Nobody is sent elsewhere by a link to this form. */
function withinThisSite(path: string): string {
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(path) ? path : '/';
}

function signInPage(to: string, wasWrong: boolean): Page {
  return {
    title: 'Sign in',
    status: 401,
    body: html`<h1>Sign in</h1>
      ${wasWrong ? html`<p class="failed" role="alert">That is not the token.</p>` : ''}
      <p>This page is for operators. The token is in the file that <code>ADMIN_TOKEN_FILE</code> names.</p>
      <form method="post" action="/sign-in">
        <label for="token">Token</label>
        <input id="token" name="token" type="password" required autocomplete="current-password" />
        <input type="hidden" name="to" value="${to}" />
        <button type="submit">Sign in</button>
      </form>`,
  };
}
