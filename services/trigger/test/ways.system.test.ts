import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { member, openScene, repository, type Scene } from './scene.ts';
import { ask, deliver, payload, secret, ways } from './ways.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

describe('a delivery of the forge', () => {
  it('becomes the same one run that the polls make of its comment, however often it comes', async () => {
    await using trigger = await scene.start({ ways: ways() });
    const comment = scene.comment('!testme');
    const body = payload(comment, '!testme');
    const first = await deliver(trigger.url, body);
    expect([200, 202]).toContain(first.status);
    expect(await scene.outcome(comment)).toMatchObject({ kind: 'run' });
    await scene.polls(2);
    expect(await deliver(trigger.url, body, { headers: { 'x-gitea-delivery': 'another' } })).toMatchObject({ status: 200 });
    expect(await scene.runs()).toHaveLength(1);
  });

  it('is not believed: what counts is the comment on the forge', async () => {
    await using trigger = await scene.start({ ways: ways() });
    const comment = scene.comment('Nothing to see here.');
    expect(await deliver(trigger.url, payload(comment, '!testme'))).toMatchObject({ status: 202 });
    expect(await scene.outcome(comment)).toEqual({ kind: 'ignored', why: 'it holds no command' });
    expect(await scene.runs()).toEqual([]);
  });

  it('is taken with the secret before while there are two', async () => {
    await using trigger = await scene.start({ ways: ways({ webhookSecrets: async () => ['a newer secret', secret] }) });
    expect(await deliver(trigger.url, payload(scene.comment('Thanks.'), 'Thanks.'))).toMatchObject({ status: 200 });
  });

  it.each([
    ['with a wrong signature', { key: 'another secret' }, 401, 'The signature is not right'],
    ['without one', { headers: { 'x-gitea-signature': '' } }, 401, 'The signature is not right'],
    ['as a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'application/json'],
  ])('%s is refused, and leaves nothing', async (_, changes, status, said) => {
    await using trigger = await scene.start({ ways: ways() });
    const comment = scene.comment('Nothing to see here.');
    const answer = await deliver(trigger.url, payload(comment, '!testme'), changes);
    expect(answer).toMatchObject({ status, said: expect.stringContaining(said) });
    expect(await scene.intakeStore.pending()).toEqual([]);
    expect(scene.logged.join('')).not.toContain(secret);
  });

  it('that is too large is refused', async () => {
    await using trigger = await scene.start({ ways: ways() });
    expect(await deliver(trigger.url, 'x'.repeat(1024 * 1024 + 1))).toMatchObject({ status: 413 });
  });

  it('with a wrong signature is not even looked at after many of them, and a right one still is', async () => {
    await using trigger = await scene.start({ ways: ways() });
    const statuses: number[] = [];
    for (let times = 0; times < 62; times += 1) statuses.push((await deliver(trigger.url, '{}', { key: 'a guess' })).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(60);
    expect(statuses.slice(60)).toEqual([429, 429]);
    expect(await deliver(trigger.url, payload(scene.comment('Thanks.'), 'Thanks.'))).toMatchObject({ status: 200 });
  });

  it('goes nowhere where no secret is known', async () => {
    await using trigger = await scene.start({ ways: ways({ webhookSecrets: undefined }) });
    expect(await deliver(trigger.url, '{}')).toMatchObject({ status: 404 });
  });
});

describe('the API', () => {
  it('starts the run that it is asked for, once for each key', async () => {
    await using trigger = await scene.start({ ways: ways() });
    const asked = { repository, pull: scene.pull, EXTRA_TESTS: '1' };
    const first = await ask(trigger.url, asked, { key: 'release-7' });
    expect(first).toMatchObject({
      status: 202,
      body: { state: 'queued', url: `https://ci.example.org/runs/${first.body['id']}` },
    });
    expect(await ask(trigger.url, asked, { key: 'release-7' })).toEqual({ ...first, status: 200 });
    const [run, ...others] = await scene.runs();
    expect(others).toEqual([]);
    expect(run?.request).toMatchObject({
      origin: { kind: 'api', key: 'robot/release-7' },
      commit: await scene.head(),
      flags: { extraTests: true, stages: null },
      pull: { number: scene.pull },
    });
    expect((await scene.producer.counts()).runs.waiting).toBe(1);
  });

  it('has no second run of what runs already, under whatever key', async () => {
    await using trigger = await scene.start({ ways: ways() });
    const comment = scene.comment('!testme', member);
    const outcome = await scene.outcome(comment);
    const answer = await ask(trigger.url, { repository, pull: scene.pull });
    expect(answer).toMatchObject({ status: 200, body: { id: 'run' in outcome && outcome.run } });
  });

  it('tests the default branch where no pull request is named', async () => {
    await using trigger = await scene.start({ ways: ways() });
    const answer = await ask(trigger.url, { repository }, { query: '?STAGES=install' });
    expect(answer.status).toBe(202);
    const run = await scene.runStore.read(String(answer.body['id']));
    expect(run?.request).toMatchObject({ pull: null, chosen: 'default-branch', branch: 'main', flags: { stages: ['install'] } });
  });

  it.each<[title: string, body: object, how: Parameters<typeof ask>[2], status: number, detail: string]>([
    ['without a token', { repository }, { token: null }, 401, 'a token that cc-ci knows'],
    ['with a wrong token', { repository }, { token: 'guess' }, 401, 'a token that cc-ci knows'],
    ['for what is not enrolled', { repository: 'coop/other' }, {}, 422, 'coop/other is not enrolled here'],
    ['for a pull request that is not there', { repository, pull: 99 }, {}, 422, 'pulls/99'],
    [
      'for a commit of somewhere else',
      { repository, pull: 1, commit: 'a'.repeat(40) },
      {},
      422,
      'is no commit of pull request 1',
    ],
    ['with a key that is none', { repository }, { key: 'x'.repeat(129) }, 422, 'expected 1 to 128'],
  ])('refuses a request %s, as problem details', async (_, body, how, status, detail) => {
    await using trigger = await scene.start({ ways: ways() });
    expect(await ask(trigger.url, body, how)).toMatchObject({
      status,
      body: { status, detail: expect.stringContaining(detail) },
    });
    expect(await scene.runs()).toEqual([]);
  });

  it('refuses a key that stands for another run', async () => {
    await using trigger = await scene.start({ ways: ways() });
    await ask(trigger.url, { repository, pull: scene.pull }, { key: 'k' });
    const other = await ask(trigger.url, { repository, pull: scene.pull, extra_tests: true }, { key: 'k' });
    expect(other).toMatchObject({ status: 422, body: { detail: expect.stringContaining('was used before, for another run') } });
    expect(await scene.runs()).toHaveLength(1);
  });

  it('does not start where a line of its tokens is wrong', async () => {
    await expect(scene.start({ ways: ways({ apiTokens: async () => 'robot runs letmein' }) })).rejects.toThrow('line 1');
  });
});
