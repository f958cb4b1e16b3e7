import { describe, expect, it } from 'vitest';
import { ForgeError, ForgeUnreachable } from '../src/errors.ts';
import { openGiteaReader, openGiteaWriter } from '../src/gitea.ts';
import { type CannedServer, cannedServer } from './canned-server.ts';

const ref = { owner: 'coop', name: 'hedgedoc' };
const ana = { id: 5, login: 'ana' };
const comment = {
  id: 404,
  body: 'hello',
  user: ana,
  created_at: '2026-01-02T10:00:00+02:00',
  updated_at: '2026-01-02T10:00:00+02:00',
  html_url: 'https://git.example.org/coop/hedgedoc/pulls/7#issuecomment-404',
  pull_request_url: 'https://git.example.org/coop/hedgedoc/pulls/7',
};
const secret = 'a-token-that-must-not-show';

const options = (server: CannedServer) => ({ url: server.url, token: async () => secret, firstRetryMs: 1, timeoutMs: 2000 });
const readerOf = (server: CannedServer, more = {}) => openGiteaReader({ ...options(server), ...more });
const writerOf = (server: CannedServer, more = {}) => openGiteaWriter({ ...options(server), ...more });

describe('an answer that is no success', () => {
  it.each([
    [400, 'Owner not found', { name: 'ForgeRefused', because: 'request', retry: 'never' }],
    [401, 'invalid username, password or token', { name: 'ForgeRefused', because: 'token', retry: 'never' }],
    [
      403,
      'token does not have at least one of required scope(s): [read:user]',
      { name: 'ForgeRefused', because: 'scope', retry: 'never' },
    ],
    [403, 'This account is prohibited from signing in', { name: 'ForgeRefused', because: 'token', retry: 'never' }],
    [403, '', { name: 'ForgeRefused', because: 'right', retry: 'never' }],
    [404, 'not found', { name: 'ForgeNotFound', retry: 'never' }],
    [409, 'conflict', { name: 'ForgeRefused', because: 'request', retry: 'never' }],
    [422, '[Body]: Required', { name: 'ForgeRefused', because: 'request', retry: 'never' }],
    [423, 'archived', { name: 'ForgeRefused', because: 'archived', retry: 'never' }],
    [429, '', { name: 'ForgeUnreachable', retry: 'later' }],
    [500, '', { name: 'ForgeAnswerUnusable', retry: 'later' }],
    [502, '', { name: 'ForgeUnreachable', retry: 'later' }],
    [503, '', { name: 'ForgeUnreachable', retry: 'later' }],
    [504, '', { name: 'ForgeUnreachable', retry: 'later' }],
  ])('%i with "%s" becomes a typed error', async (status, message, expected) => {
    await using server = await cannedServer({ status, body: { message, url: '' } });
    const failure = readerOf(server).me();
    await expect(failure).rejects.toBeInstanceOf(ForgeError);
    await expect(failure).rejects.toMatchObject({ ...expected, status, route: 'GET /api/v1/user' });
  });

  it.each([301, 303, 307])('%i is not followed', async (status) => {
    await using server = await cannedServer({ status, headers: { location: '/elsewhere' } });
    await expect(writerOf(server).createComment(ref, 7, 'hello')).rejects.toMatchObject({ name: 'ForgeMoved', status });
    expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v1/repos/coop/hedgedoc/issues/7/comments',
    ]);
  });

  it('may be the HTML of a proxy', async () => {
    await using server = await cannedServer({
      status: 502,
      body: '<h1>Bad gateway</h1>',
      headers: { 'content-type': 'text/html' },
    });
    await expect(readerOf(server).me()).rejects.toBeInstanceOf(ForgeUnreachable);
  });

  it('is told without the token, and with no more than a line of what the forge said', async () => {
    await using server = await cannedServer({ status: 422, body: { message: `bad\n${'x'.repeat(5000)}`, url: '' } });
    const failure: unknown = await readerOf(server)
      .me()
      .catch((error: unknown) => error);
    expect(String(failure)).not.toContain(secret);
    expect(String(failure)).toContain('"bad x');
    expect(String(failure).length).toBeLessThan(400);
  });
});

describe('an answer that claims success', () => {
  it.each([
    ['is HTML', { status: 200, body: '<h1>Log in</h1>' }, 'it is not JSON'],
    ['is null', { status: 200, body: 'null' }, 'expected object, received null'],
    ['lacks a field', { status: 200, body: { login: 'ana' } }, 'at id'],
  ])('is unusable when it %s', async (_, answer, why) => {
    await using server = await cannedServer(answer);
    await expect(readerOf(server).me()).rejects.toMatchObject({ name: 'ForgeAnswerUnusable', retry: 'later' });
    await expect(readerOf(server).me()).rejects.toThrow(why);
  });

  it('is unusable when a created comment is answered by anything but 201', async () => {
    await using server = await cannedServer({ status: 200, body: comment });
    await expect(writerOf(server).createComment(ref, 7, 'hello')).rejects.toMatchObject({
      name: 'ForgeAnswerUnusable',
      status: 200,
    });
  });
});

describe('a read', () => {
  const hiccups = (status: number) => ({ status, body: 'busy' });

  it.each([429, 502, 503, 504])('is tried again after %i', async (status) => {
    await using server = await cannedServer(hiccups(status), hiccups(status), { status: 200, body: ana });
    expect(await readerOf(server).me()).toEqual(ana);
    expect(server.asked).toHaveLength(3);
  });

  it('is tried again when the connection breaks, also in the middle of an answer', async () => {
    await using server = await cannedServer(
      (request) => request.destroy(),
      (_, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"id":', () => response.destroy());
      },
      { status: 200, body: ana },
    );
    expect(await readerOf(server).me()).toEqual(ana);
  });

  it('is given up after four attempts', async () => {
    await using server = await cannedServer(hiccups(503));
    await expect(readerOf(server).me()).rejects.toBeInstanceOf(ForgeUnreachable);
    expect(server.asked).toHaveLength(4);
  });

  it('is given up when no whole answer comes in time', async () => {
    await using server = await cannedServer((_, response) => response.writeHead(200).write('{'));
    const failure = readerOf(server, { timeoutMs: 30 }).me();
    await expect(failure).rejects.toMatchObject({ name: 'ForgeUnreachable' });
    await expect(failure).rejects.toThrow('no whole answer within 0.03 s');
  });

  it('is given up when nobody listens, naming the reason', async () => {
    const server = await cannedServer({ status: 200 });
    await server[Symbol.asyncDispose]();
    await expect(readerOf(server).me()).rejects.toThrow(/ECONNREFUSED/);
  });

  it('is tried once when the forge failed inside: it would again', async () => {
    await using server = await cannedServer({ status: 500, body: { message: '', url: '' } });
    await expect(readerOf(server).comments(ref, 999)).rejects.toMatchObject({ name: 'ForgeAnswerUnusable' });
    expect(server.asked).toHaveLength(1);
  });

  it('is tried again after a pause that the forge asks for', async () => {
    await using server = await cannedServer({ status: 429, headers: { 'retry-after': '0' } }, { status: 200, body: ana });
    expect(await readerOf(server).me()).toEqual(ana);
  });

  it('is left to the caller when the forge asks for a long pause, which the error tells', async () => {
    await using server = await cannedServer({ status: 503, headers: { 'retry-after': '3600' } });
    await expect(readerOf(server).me()).rejects.toMatchObject({ name: 'ForgeUnreachable', retryAfterMs: 3_600_000 });
    expect(server.asked).toHaveLength(1);
  });
});

describe('a write', () => {
  it.each<[string, (server: CannedServer) => Promise<unknown>]>([
    ['a new comment', (server) => writerOf(server).createComment(ref, 7, 'hello')],
    ['an edited comment', (server) => writerOf(server).editComment(ref, 404, 'hello')],
    ['a deleted comment', (server) => writerOf(server).deleteComment(ref, 404)],
    ['a reaction', (server) => writerOf(server).addReaction(ref, 404, 'eyes')],
  ])('is tried once: %s', async (_, write) => {
    await using server = await cannedServer({ status: 502, body: 'busy' });
    await expect(write(server)).rejects.toMatchObject({ name: 'ForgeUnreachable', retry: 'later' });
    expect(server.asked).toHaveLength(1);
  });
});

describe('the token', () => {
  it('is asked for before each request, so that a new one is used at once', async () => {
    await using server = await cannedServer({ status: 200, body: ana });
    const tokens = ['old', 'new'];
    const reader = readerOf(server, { token: async () => tokens.shift() });
    await reader.me();
    await reader.me();
    expect(server.asked.map((one) => one.authorization)).toEqual(['token old', 'token new']);
  });

  it('is not sent when there is none', async () => {
    await using server = await cannedServer({ status: 200, body: { version: '1.27.1' } });
    await readerOf(server, { token: async () => undefined }).version();
    expect(server.asked).toMatchObject([{ authorization: undefined }]);
  });

  it('is refused unsent when it cannot be a header, without being quoted', async () => {
    await using server = await cannedServer({ status: 200, body: ana });
    const failure: unknown = await readerOf(server, { token: async () => `${secret}\nX: y` })
      .me()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'ForgeRequestInvalid' });
    expect(String(failure)).not.toContain(secret);
    expect(server.asked).toEqual([]);
  });
});

describe('requests at the same time', () => {
  it('are begun as many as are allowed, and the next ones as those end', async () => {
    const held: (() => void)[] = [];
    const full = Promise.withResolvers<void>();
    await using server = await cannedServer((_, response) => {
      held.push(() => response.end(JSON.stringify(ana)));
      if (held.length === 2) full.resolve();
      if (server.asked.length > 2) for (const answer of held.splice(0)) answer();
    });
    let begun = 0;
    const token = async () => {
      begun += 1;
      return secret;
    };
    const reader = readerOf(server, { parallel: 2, token });
    const answers = Array.from({ length: 6 }, () => reader.me());
    await full.promise;
    expect(begun).toBe(2);
    for (const answer of held.splice(0)) answer();
    expect(await Promise.all(answers)).toHaveLength(6);
  });
});

describe('the address of the forge', () => {
  it.each(['', '/', '/sub/path', '/sub/path/'])('may end with "%s"', async (end) => {
    await using server = await cannedServer({ status: 200, body: ana });
    await openGiteaReader({ ...options(server), url: `${server.url}${end}` }).me();
    expect(server.asked.map((one) => one.path)).toEqual([`${end.replace(/\/$/, '')}/api/v1/user`]);
  });
});
