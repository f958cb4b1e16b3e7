import type { RunRecord } from '@cc-ci/shared/contract/run';
import { putEnrolled } from '@cc-ci/shared/runs/enrolled';
import { appendLog } from '@cc-ci/shared/runs/log-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reporter } from '../src/service.ts';
import { ADMIN_TOKEN, cleaned, openStand, passing, type Stand } from './stand.ts';

let stand: Stand;
let reporter: Reporter;
beforeAll(async () => {
  stand = await openStand();
  await watch(stand, await stand.ask(), { private: false });
  reporter = await stand.reporter();
});
afterAll(() => stand[Symbol.asyncDispose]());

/** As the trigger lists the repository of a run. */
const watch = (
  { redis, instance }: Stand,
  { request: { repo, cloneUrl } }: RunRecord,
  seen: { private: boolean },
): Promise<void> => putEnrolled(redis, instance, [{ v: 1, repo, cloneUrl, defaultBranch: 'main', seenAt: 0, ...seen }]);
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(reporter.url + path, { headers, redirect: 'manual' });
const admin = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(reporter.adminUrl + path, { redirect: 'manual', ...init });
const line = (text: string) => ({ attempt: 1, from: 'install', text });

describe('the dashboard', () => {
  it('shows the newest runs, and says which service is not up', async () => {
    const run = await stand.ask();
    const page = await (await get('/')).text();
    expect(page).toContain(`<a class="quiet" href="/runs/${run.id}">Queued</a>`);
    expect(page).toContain('No runner is up. What is queued waits until one comes.');
    expect(page).not.toContain('No reporter is up.');
  });

  it('shows a run with its steps, its clean-up and its log, and nothing of a stranger as markup', async () => {
    const run = await stand.tell(await stand.ask(), ...passing(Date.now()));
    await appendLog(stand.redis, stand.instance, run.id, [line('<script>alert(1)</script>')]);
    await stand.tell(run, cleaned());
    const answer = await get(`/runs/${run.id}`);
    const page = await answer.text();
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).toContain('<span class="passed">✔ Passed:</span>');
    expect(page).toContain('Left behind: nothing (14 things removed');
    expect(page).toContain('id="L1"');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toContain('<script>alert');
  });

  it('loads a page again by itself only while its run goes on', async () => {
    const run = await stand.ask();
    expect(await (await get(`/runs/${run.id}`)).text()).toContain('http-equiv="refresh"');
    await stand.tell(run, ...passing(Date.now()), cleaned());
    expect(await (await get(`/runs/${run.id}`)).text()).not.toContain('http-equiv="refresh"');
  });

  it('gives the log as text and the record as JSON', async () => {
    const run = await stand.ask();
    await appendLog(stand.redis, stand.instance, run.id, [line('one'), line('two')]);
    expect(await (await get(`/runs/${run.id}/log`)).text()).toBe('install: one\ninstall: two\n');
    expect(await (await get(`/api/runs/${run.id}`)).json()).toMatchObject({ id: run.id, state: 'queued' });
    expect((await get(`/runs/${run.id}/results.json`)).status).toBe(404);
    await stand.tell(run, ...passing(Date.now()), cleaned());
    expect(await (await get(`/runs/${run.id}/results.json`)).json()).toMatchObject({ schema: 2, verdict: 'passed' });
    expect(await (await get('/api/results.schema.json')).json()).toMatchObject({
      description: 'results.json of cc-ci, schema 2',
    });
  });

  it.each(['/runs/000000', '/runs/nonsense', '/runs/000000/log', '/api/runs/000000', '/runs/000000/results.json', '/nothing'])(
    'answers %s with 404',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it.each(['/assets/style.css', '/assets/live.js', '/healthz'])('serves %s', async (path) => {
    expect((await get(path)).status).toBe(200);
  });
});

describe('a dashboard that is public', () => {
  it('shows runs of private repositories only to whoever has the token', async () => {
    await using own = await openStand();
    const { url } = await own.reporter();
    const run = await own.ask();
    await own.tell(run, ...passing(Date.now()), cleaned());
    await watch(own, run, { private: true });
    expect(await (await fetch(url)).text()).not.toContain(run.id);
    for (const path of [`/runs/${run.id}`, `/runs/${run.id}/log`, `/runs/${run.id}/results.json`, `/api/runs/${run.id}`]) {
      expect((await fetch(url + path)).status).toBe(401);
      expect((await fetch(url + path, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })).status).toBe(200);
    }
  });

  it('goes on to hide them when their repository is archived, or the list of recipes was lost', async () => {
    await using own = await openStand();
    const { url } = await own.reporter();
    const run = await own.ask();
    await putEnrolled(own.redis, own.instance, []);
    expect(await (await fetch(url)).text()).not.toContain(run.id);
    expect((await fetch(`${url}/runs/${run.id}/log`)).status).toBe(401);
  });
});

describe('a dashboard that is not public', () => {
  it('shows a page only to whoever has the token', async () => {
    const dashboard = { public_url: 'https://ci.example.org', access: 'token' } as const;
    const closed = await stand.reporter({ settings: { dashboard } });
    expect((await fetch(closed.url)).status).toBe(401);
    for (const path of ['/api/runs/000000', '/api/runs', '/api/recipes', '/badge/hedgedoc.svg', '/queue', '/requests'])
      expect([path, (await fetch(closed.url + path)).status]).toEqual([path, 401]);
    expect((await fetch(closed.url, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })).status).toBe(200);
    expect((await fetch(`${closed.url}/healthz`)).status).toBe(200);
  });
});

describe('the live log', () => {
  it('tells every line once, also to a browser that comes back, and ends with the run', async () => {
    const run = await stand.ask();
    await appendLog(stand.redis, stand.instance, run.id, [line('one'), line('two')]);
    const first = await read(await get(`/runs/${run.id}/log`, { accept: 'text/event-stream' }), 'two');
    expect(texts(first)).toEqual(['one', 'two']);

    await appendLog(stand.redis, stand.instance, run.id, [line('three')]);
    const headers = { accept: 'text/event-stream', 'last-event-id': ids(first)[0] ?? '' };
    const again = get(`/runs/${run.id}/log?after=0`, headers);
    await stand.tell(run, ...passing(Date.now()), cleaned());
    const rest = await read(await again, 'event: end');
    expect(texts(rest)).toEqual(['two', 'three']);
    expect(rest).toContain('✔ Passed:');
  });
});

describe('the board of the queues', () => {
  it.each(['/queues', '/queues/api/queues', '/queues/static/favicon-32x32.png'])(
    'keeps %s from whoever has not signed in',
    async (path) => {
      expect((await admin(path)).status).toBe(401);
      expect((await admin(path, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
      expect((await admin(path, { headers: { cookie: 'cc-ci-operator=9999999999999.00' } })).status).toBe(401);
    },
  );

  it('shows all queues to whoever has the token', async () => {
    const answer = await admin('/queues/api/queues', { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
    expect(answer.status).toBe(200);
    const names = ['poll', 'intake', 'runs', 'reports', 'infra'].map((name) =>
      expect.objectContaining({ name, readOnlyMode: true }),
    );
    expect(await answer.json()).toMatchObject({ queues: expect.arrayContaining(names) });
    expect((await admin('/queues', { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })).status).toBe(200);
  });

  it('changes nothing, also for operators: no action is offered that could fail in some state (case 111)', async () => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    expect((await admin('/queues/api/queues/runs/pause', { method: 'PUT', headers })).status).toBe(405);
  });

  it('opens to a form, whose cookie is not the token', async () => {
    const signIn = (token: string, to = '/queues'): Promise<Response> =>
      admin('/sign-in', { method: 'POST', body: new URLSearchParams({ token, to }) });
    expect((await signIn('wrong')).status).toBe(401);
    expect((await signIn(ADMIN_TOKEN, '//evil.example')).headers.get('location')).toBe('/');

    const answer = await signIn(ADMIN_TOKEN);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/queues']);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect(cookie).not.toContain(ADMIN_TOKEN);
    expect((await admin('/queues', { headers: { cookie: cookie.split(';', 1)[0] ?? '' } })).status).toBe(200);
  });
});

/** Reads a stream of events until it holds some text, then leaves. */
async function read(answer: Response, until: string): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes(until)) break;
  }
  return text;
}

function texts(stream: string): string[] {
  return [...stream.matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text ?? '');
}

function ids(stream: string): string[] {
  return [...stream.matchAll(/^id: (.*)$/gm)].map(([, id]) => id ?? '');
}
