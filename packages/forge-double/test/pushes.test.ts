import type { ForgeReader } from '@cc-ci/forge/forge';
import { openGiteaReader } from '@cc-ci/forge/gitea';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOptions, openScene, recipe, ref, type Scene } from './scene.ts';

describe('what a push does to a pull request', () => {
  let scene: Scene;
  let reader: ForgeReader;

  beforeAll(async () => {
    scene = await openScene();
    reader = openGiteaReader(clientOptions(scene.double, 'bob', ['read:issue', 'read:repository']));
  });
  afterAll(async () => await scene[Symbol.asyncDispose]());

  const pushesOf = async (number: number) => (await reader.timeline(ref, number)).pushes;

  it('comes after a comment that was made before the forge got round to it', async () => {
    const { number, sha } = await scene.openPull('late');
    scene.double.holdPushTasks();
    const pushed = await scene.pushed('bob', 'late');
    const comment = scene.double.comment(recipe, number, { as: 'ana', body: '!testme' });

    expect((await reader.pullRequest(ref, number)).head.sha).toBe(pushed);
    expect(await scene.remote(`refs/pull/${number}/head`)).toBe(sha);
    expect(await pushesOf(number)).toHaveLength(1);

    await scene.double.releasePushTasks();
    const late = (await pushesOf(number)).at(-1);
    expect(late).toMatchObject({ after: pushed });
    expect(late?.id).toBeGreaterThan(comment.id);
    expect(await scene.remote(`refs/pull/${number}/head`)).toBe(pushed);
  });

  it('is one entry for each of several pushes, in their order, when they were held', async () => {
    const { number } = await scene.openPull('several');
    scene.double.holdPushTasks();
    const first = await scene.pushed('bob', 'several');
    const second = await scene.pushed('ana', 'several');
    await scene.double.releasePushTasks();
    expect((await pushesOf(number)).slice(1)).toMatchObject([
      { pusher: { login: 'bob' }, commits: [first] },
      { pusher: { login: 'ana' }, commits: [second] },
    ]);
  });

  it('leaves refs/pull/N/head behind while that is made stale', async () => {
    const { number, sha } = await scene.openPull('stale');
    scene.double.setPullRefsStale(true);
    const pushed = await scene.pushed('bob', 'stale');
    expect(await scene.remote(`refs/pull/${number}/head`)).toBe(sha);
    expect((await pushesOf(number)).at(-1)).toMatchObject({ after: pushed });

    scene.double.setPullRefsStale(false);
    const next = await scene.pushed('bob', 'stale');
    expect(await scene.remote(`refs/pull/${number}/head`)).toBe(next);
  });

  it('is no entry when the push brings nothing beyond the base', async () => {
    const { number, sha } = await scene.openPull('merged');
    const more = await scene.clone.commit('merged', 'already on the base');
    await scene.push('ana', `${more}:refs/heads/main`);
    await scene.push('bob', 'merged');
    expect((await reader.pullRequest(ref, number)).head.sha).toBe(more);
    expect((await pushesOf(number)).map((push) => push.after)).toEqual([sha]);
  });

  it('closes it when the branch is deleted; its commit stays known', async () => {
    const { number, sha } = await scene.openPull('deleted');
    await scene.push('bob', ':refs/heads/deleted');
    expect(await reader.pullRequest(ref, number)).toMatchObject({ state: 'closed', head: { sha } });
  });

  it('reaches the base repository of a fork', async () => {
    const fork = { owner: 'eve', name: 'recipe' };
    await scene.double.fork(recipe, 'eve');
    await scene.pushed('eve', 'theirs', fork);
    const { number } = await scene.double.openPullRequest(recipe, { as: 'eve', title: 'theirs', head: 'eve:theirs' });
    const pushed = await scene.pushed('eve', 'theirs', fork);
    expect(await scene.remote(`refs/pull/${number}/head`)).toBe(pushed);
    expect((await pushesOf(number)).at(-1)).toMatchObject({ pusher: { login: 'eve' }, after: pushed });
  });
});
