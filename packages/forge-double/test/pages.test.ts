import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ForgeDouble } from '../src/double.ts';
import { openForge, openScene, recipe, type Scene } from './scene.ts';

const banner = "This is cc-ci's forge double, for demo and tests: not Gitea.";

describe('the pages', () => {
  let scene: Scene;
  let number: number;
  let sha: string;
  let pullPage: string;

  beforeAll(async () => {
    scene = await openScene();
    ({ number, sha } = await scene.openPull('fix'));
    pullPage = `${scene.double.url}/${recipe}/pulls/${number}`;
  });
  afterAll(async () => await scene[Symbol.asyncDispose]());

  it.each<[string, () => string]>([
    ['the index', () => scene.double.url],
    ['a repository', () => `${scene.double.url}/${recipe}`],
    ['a pull request', () => pullPage],
    ['nothing', () => `${scene.double.url}/no/where`],
  ])('say what they are, run no script and stay in no frame: %s', async (_, url) => {
    const response = await fetch(url());
    expect(await response.text()).toContain(banner);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
  });

  it('lead from the index to the pull request', async () => {
    expect(await read(scene.double.url)).toContain(`href="/${recipe}/pulls/${number}"`);
    expect(await read(`${scene.double.url}/${recipe}`)).toContain(`git clone ${scene.double.url}/${recipe}.git`);
  });

  it('show a pull request with its head, its newest statuses and its comments with reactions', async () => {
    const { double } = scene;
    const token = double.issueToken('ana', ['all']);
    const post = (path: string, body: object) =>
      fetch(`${double.url}/api/v1/repos/${recipe}${path}`, {
        method: 'POST',
        headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const { id } = double.comment(recipe, number, { as: 'eve', body: '**bold** <script>alert(1)</script>' });
    await post(`/issues/comments/${id}/reactions`, { content: 'eyes' });
    await post(`/statuses/${sha}`, { state: 'pending', context: 'cc-ci/testme', description: 'running' });
    await post(`/statuses/${sha}`, { state: 'success', context: 'cc-ci/testme', description: 'level <5>' });
    const html = await read(pullPage);
    expect(html).toContain(sha);
    expect(html).toContain('<strong>bold</strong>');
    expect(html).toContain('👀');
    expect(html).toContain('level &lt;5&gt;');
    expect(html).not.toContain('running');
    expect(html).not.toContain('<script');
  });

  it('escape titles', async () => {
    const { number: plain } = scene.double.openIssue(recipe, { as: 'eve', title: '<b>x</b>' });
    expect(await read(`${scene.double.url}/${recipe}/issues/${plain}`)).toContain('&lt;b&gt;x&lt;/b&gt;');
  });
});

describe('the comment box', () => {
  let double: ForgeDouble;
  let path: string;

  beforeEach(async () => {
    double = await openForge();
    path = `/${recipe}/issues/${double.openIssue(recipe, { as: 'bob', title: 'an issue' }).number}`;
  });
  afterEach(async () => await double[Symbol.asyncDispose]());

  const say = (form: Record<string, string>, headers = {}) =>
    fetch(`${double.url}${path}/comments`, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(form) });

  it('is not there until it has speakers', async () => {
    expect(await read(`${double.url}${path}`)).not.toContain('<form');
    expect((await say({ body: '!testme', as: 'ana' })).status).toBe(404);
  });

  it.each(['ana', 'eve'])('speaks as %s by a button, and comes back to the comment', async (as) => {
    double.showCommentBox({ member: 'ana', outsider: 'eve' });
    expect(await read(`${double.url}${path}`)).toContain(`value="${as}"`);
    const answer = await say({ body: '!testme', as });
    const [comment] = double.comments(recipe, 1);
    expect(comment).toMatchObject({ body: '!testme', author: { login: as } });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(`${path}#issuecomment-${comment?.id}`);
  });

  it.each([
    ['anybody else', { body: '!testme', as: 'bob' }, {}],
    ['another site', { body: '!testme', as: 'ana' }, { 'sec-fetch-site': 'cross-site' }],
  ])('does not speak for %s', async (_, form, headers) => {
    double.showCommentBox({ member: 'ana', outsider: 'eve' });
    expect((await say(form, headers)).status).toBe(403);
    expect(double.comments(recipe, 1)).toEqual([]);
  });
});

async function read(url: string): Promise<string> {
  return await (await fetch(url)).text();
}
