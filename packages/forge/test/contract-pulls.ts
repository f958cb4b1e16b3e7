import { describe, expect, it } from 'vitest';
import { ForgeNotFound } from '../src/errors.ts';
import { eventually, type Scene } from './contract-scene.ts';

/** Pull requests, their pushes, and what git gives of them. */
export function pullContract(scene: () => Scene): void {
  describe('a pull request', () => {
    it('shows the tips of both branches', async () => {
      const { newPull, reader, ref, world } = scene();
      const { number, sha } = await newPull('pull-tips');
      const baseTip = await world.clone.remote(ref, world.owner, 'refs/heads/main');
      expect(await reader.pullRequest(ref, number)).toMatchObject({
        number,
        title: 'pull-tips',
        state: 'open',
        merged: false,
        author: { id: world.member.id },
        head: { ref: 'pull-tips', sha, repository: { id: world.recipe.id } },
        base: { ref: 'main', sha: baseTip, repository: { id: world.recipe.id } },
      });
    });

    it('shows the fork that it comes from, and still its commit when the fork is deleted', async () => {
      const { forkedPull, reader, ref, world } = scene();
      const { fork, number, sha } = await forkedPull('pull-fork');
      expect((await reader.pullRequest(ref, number)).head).toMatchObject({ sha, repository: { owner: fork.owner } });
      await world.api('DELETE', `/repos/${fork.owner}/${fork.name}`, { as: world.openMember.token });
      expect((await reader.pullRequest(ref, number)).head).toMatchObject({ sha, repository: undefined });
    });

    it('lists its commits, newest first', async () => {
      const { newPull, pushAgain, pushesOf, reader, ref } = scene();
      const { number, sha } = await newPull('pull-commits');
      const second = await pushAgain('pull-commits');
      await pushesOf(number, 2);
      expect(await reader.pullCommits(ref, number)).toEqual([second, sha]);
    });

    it('is not found under the number of a plain issue', async () => {
      const { newIssue, reader, ref } = scene();
      const number = await newIssue('not a pull request');
      await expect(reader.pullRequest(ref, number)).rejects.toBeInstanceOf(ForgeNotFound);
    });
  });

  describe('the pushes of a pull request', () => {
    it('begin with its opening, which lists its commits, oldest first', async () => {
      const { pushesOf, ref, world } = scene();
      const first = await world.clone.commit('push-opening', 'one');
      const second = await world.clone.commit('push-opening', 'two');
      await world.clone.push(ref, world.member, 'push-opening');
      const number = await world.openPull({ head: 'push-opening', by: world.openMember });
      const pusher = { id: world.openMember.id, login: world.openMember.login };
      expect(await pushesOf(number, 1)).toMatchObject([{ pusher, forced: false, commits: [first, second], after: second }]);
    });

    it('go on with the new commits of each push, by who pushed', async () => {
      const { newPull, pushesOf, ref, world } = scene();
      const { number, sha } = await newPull('push-ordinary');
      const second = await world.clone.commit('push-ordinary', 'two');
      const third = await world.clone.commit('push-ordinary', 'three');
      await world.clone.push(ref, world.openMember, 'push-ordinary');
      expect(await pushesOf(number, 2)).toMatchObject([
        { after: sha },
        { pusher: { id: world.openMember.id }, forced: false, commits: [second, third], after: third },
      ]);
    });

    it('show both heads of a forced one', async () => {
      const { newPull, pushesOf, ref, world } = scene();
      const { number, sha } = await newPull('push-forced');
      const other = await world.clone.rewrite('push-forced', 'rewritten');
      await world.clone.push(ref, world.member, 'push-forced');
      expect(await pushesOf(number, 2)).toMatchObject([{ after: sha }, { forced: true, before: sha, after: other }]);
    });

    it('share their ids with comments, so that order by id is the order of events', async () => {
      const { newPull, pushAgain, pushesOf, writer, ref } = scene();
      const { number } = await newPull('push-order');
      const comment = await writer.createComment(ref, number, '!testme');
      await pushAgain('push-order');
      const [opening, later] = await pushesOf(number, 2);
      expect(comment.id).toBeGreaterThan(opening?.id ?? Number.NaN);
      expect(comment.id).toBeLessThan(later?.id ?? Number.NaN);
    });

    it('miss what was pushed while it was closed', async () => {
      const { newPull, editPull, pushAgain, pushesOf } = scene();
      const { number } = await newPull('push-closed');
      await editPull(number, { state: 'closed' });
      const missed = await pushAgain('push-closed');
      await editPull(number, { state: 'open' });
      const last = await pushAgain('push-closed');
      const pushes = await pushesOf(number, 2);
      expect(pushes.at(-1)).toMatchObject({ after: last });
      expect(pushes.flatMap((push) => push.commits)).not.toContain(missed);
    });

    it('stand beside its closings, which hide pushes and are events of the same order', async () => {
      const { newPull, editPull, reader, writer, ref } = scene();
      const { number } = await newPull('push-closings');
      expect((await reader.timeline(ref, number)).gaps).toEqual([]);
      const before = await writer.createComment(ref, number, 'before');
      await editPull(number, { state: 'closed' });
      await editPull(number, { state: 'open' });
      const after = await writer.createComment(ref, number, 'after');
      const { pushes, gaps } = await reader.timeline(ref, number);
      expect(pushes).toHaveLength(1);
      expect(gaps).toHaveLength(1);
      expect(gaps[0]).toBeGreaterThan(before.id);
      expect(gaps[0]).toBeLessThan(after.id);
    });

    it('are written anew when the target branch changes, which is told too', async () => {
      const { newPull, editPull, pushAgain, pushesOf, reader, writer, ref, world } = scene();
      await world.clone.commit('another-base', 'a base');
      await world.clone.push(ref, world.member, 'another-base');
      const { number, sha } = await newPull('push-retarget');
      const second = await pushAgain('push-retarget');
      const before = await pushesOf(number, 2);
      const comment = await writer.createComment(ref, number, 'before the change');
      await editPull(number, { base: 'another-base' });
      const { gaps } = await reader.timeline(ref, number);
      expect(gaps.filter((id) => id > comment.id)).toHaveLength(1);
      const [only] = await pushesOf(number, 1);
      expect(only).toMatchObject({ forced: false, commits: [sha, second], after: second });
      expect(only?.id).toBeGreaterThan(before.at(-1)?.id ?? Number.NaN);
    });
  });

  describe('git', () => {
    it('gives any commit by its id, that of a fork from the base repository too', async () => {
      const { forkedPull, ref, world } = scene();
      const { number, sha } = await forkedPull('git-fork');
      await eventually(
        'the base has it',
        async () => (await world.clone.remote(ref, world.owner, `refs/pull/${number}/head`)) === sha,
      );
      expect(await world.clone.fetchCommit(ref, sha)).toBe(sha);
    });

    it('lets refs/pull/N/head follow a push', async () => {
      const { newPull, pushAgain, ref, world } = scene();
      const { number } = await newPull('git-follow');
      const sha = await pushAgain('git-follow');
      await eventually(
        'it follows',
        async () => (await world.clone.remote(ref, world.owner, `refs/pull/${number}/head`)) === sha,
      );
    });

    it('takes no push from somebody without the right', async () => {
      const { ref, world } = scene();
      await world.clone.commit('git-refused', 'not here');
      await expect(world.clone.push(ref, world.outsider, 'git-refused')).rejects.toThrow();
      expect(await world.clone.remote(ref, world.owner, 'refs/heads/git-refused')).toBe('');
    });
  });
}
