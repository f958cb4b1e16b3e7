import { ForgeAnswerUnusable, ForgeUnreachable } from '@cc-ci/forge/errors';
import type { ForgeReader, ForgeWriter } from '@cc-ci/forge/forge';
import { openGiteaReader, openGiteaWriter } from '@cc-ci/forge/gitea';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clientOptions, openForge, openScene, recipe, ref, type Scene } from './scene.ts';

describe('a double in which something goes wrong', () => {
  let scene: Scene;
  /** Another issue for each test. */
  let number: number;
  let reader: ForgeReader;
  let writer: ForgeWriter;

  beforeAll(async () => {
    scene = await openScene();
    const options = clientOptions(scene.double, 'bob', ['write:issue', 'read:repository', 'read:organization', 'read:user']);
    reader = openGiteaReader(options);
    writer = openGiteaWriter(options);
  });
  afterAll(async () => await scene[Symbol.asyncDispose]());

  beforeEach(() => {
    number = scene.double.openIssue(recipe, { as: 'eve', title: 'an issue' }).number;
  });

  it('does not answer while it is down, to the API, to git and to browsers, and is as before when it is back', async () => {
    scene.double.goDown();
    await expect(reader.me()).rejects.toBeInstanceOf(ForgeUnreachable);
    await expect(scene.remote('refs/heads/main')).rejects.toThrow();
    await expect(fetch(scene.double.url)).rejects.toThrow();
    scene.double.comeBack();
    expect(await reader.me()).toMatchObject({ login: 'bob' });
    expect(await scene.remote('refs/heads/main')).toBe(scene.tip);
  });

  it('answers like a proxy as often as it was told', async () => {
    scene.double.answerAsProxy(4, 502);
    await expect(reader.me()).rejects.toMatchObject({ name: 'ForgeUnreachable', status: 502 });
    expect(await reader.me()).toMatchObject({ login: 'bob' });
  });

  it('can ask for a pause', async () => {
    scene.double.answerAsProxy(1, 429, 600);
    await expect(reader.me()).rejects.toMatchObject({ status: 429, retryAfterMs: 600_000 });
  });

  it('answers 500 to one write that it made', async () => {
    scene.double.hideNextSuccess();
    await expect(writer.createComment(ref, number, 'hello')).rejects.toBeInstanceOf(ForgeAnswerUnusable);
    expect((await reader.comments(ref, number)).map((comment) => comment.body)).toEqual(['hello']);
    expect(await writer.createComment(ref, number, 'again')).toMatchObject({ body: 'again' });
  });

  it('loses as many pull requests as it was told', async () => {
    const { number: pull } = await scene.openPull('lost');
    scene.double.loseNextPullRequests(1);
    await expect(reader.pullRequest(ref, pull)).rejects.toMatchObject({ name: 'ForgeAnswerUnusable', retry: 'later' });
    expect(await reader.pullRequest(ref, pull)).toMatchObject({ number: pull });
  });

  it('keeps answers back, having done what was asked', async () => {
    const { requests } = scene.double;
    requests.clear();
    const release = scene.double.holdAnswers();
    const answer = writer.createComment(ref, number, 'slow');
    await scene.double.waitFor('the comment is made', () => scene.double.comments(recipe, number).length === 1);
    // A page, which is not held, is asked for and answered meanwhile.
    await fetch(scene.double.url);
    expect(requests.all()).toMatchObject([{ method: 'GET', path: '/' }]);
    release();
    expect(await answer).toMatchObject({ body: 'slow' });
  });

  it('clamps pages in silence, and the client reads all of them', async () => {
    await using double = await openForge();
    const client = openGiteaReader(clientOptions(double, 'bob', ['read:issue']));
    double.setLongestPage(2);
    for (const title of ['a', 'b', 'c', 'd', 'e']) double.openIssue(recipe, { as: 'eve', title });
    const { issues } = await client.searchIssues({ owner: 'coop', since: new Date(0) });
    expect(issues).toHaveLength(5);
    expect(double.requests.all()).toHaveLength(3);
  });
});

describe('what was asked of a double', () => {
  it('is on record with method, path, account and status', async () => {
    await using double = await openForge();
    const reader = openGiteaReader(clientOptions(double, 'bob', ['read:issue']));
    const stranger = openGiteaReader({ url: double.url, token: async () => undefined });
    double.requests.clear();
    await reader.searchIssues({ owner: 'coop', since: new Date(0) });
    await stranger.me().catch(() => {});
    expect(double.requests.all()).toEqual([
      {
        method: 'GET',
        path: '/api/v1/repos/issues/search?state=all&owner=coop&since=1970-01-01T00%3A00%3A00Z&page=1&limit=50',
        login: 'bob',
        status: 200,
      },
      { method: 'GET', path: '/api/v1/user', login: undefined, status: 401 },
    ]);
  });
});

describe('waiting for something in a double', () => {
  it('ends when a change brings it', async () => {
    await using double = await openForge();
    const { number } = double.openIssue(recipe, { as: 'eve', title: 'hello' });
    const waiting = double.waitFor('a comment', () => double.comments(recipe, number).at(0));
    double.comment(recipe, number, { as: 'eve', body: 'here' });
    expect(await waiting).toMatchObject({ body: 'here' });
  });

  it('fails after its deadline, saying what was awaited and what was said by then', async () => {
    await using double = await openForge();
    const { number } = double.openIssue(recipe, { as: 'eve', title: 'hello' });
    double.comment(recipe, number, { as: 'eve', body: 'only this\nand that' });
    const waiting = double.waitFor('an answer', () => false, 1);
    await expect(waiting).rejects.toThrow(/an answer[\s\S]*coop\/recipe#1 \d+ eve: only this$/);
  });
});
