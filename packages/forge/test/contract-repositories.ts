import { describe, expect, it } from 'vitest';
import { ForgeMoved, ForgeNotFound } from '../src/errors.ts';
import type { Scene } from './contract-scene.ts';

/** Repositories, and who belongs to them. */
export function repositoryContract(scene: () => Scene): void {
  describe('the repositories of an owner', () => {
    it('are those of an organisation, private ones for its members', async () => {
      const { reader, world } = scene();
      await world.addRepository('hidden', { private: true });
      const names = (await reader.repositories(world.organisation)).map((one) => one.name);
      expect(names).toEqual(expect.arrayContaining(['recipe', 'hidden']));
    });

    it('leave out what the account may not see', async () => {
      const { readerFor, world } = scene();
      await world.addRepository('secret', { private: true });
      const stranger = await readerFor(world.outsider);
      const names = (await stranger.repositories(world.organisation)).map((one) => one.name);
      expect(names).toContain('recipe');
      expect(names).not.toContain('secret');
    });

    it('are those of a person where the owner is one', async () => {
      const { reader, ref, world } = scene();
      await world.addFork(ref, world.outsider);
      expect(await reader.repositories(world.outsider.login)).toMatchObject([{ owner: world.outsider.login, name: 'recipe' }]);
    });

    it('are not found for nobody', async () => {
      const { reader, world } = scene();
      await expect(reader.repositories(`${world.organisation}-nobody`)).rejects.toBeInstanceOf(ForgeNotFound);
    });
  });

  describe('a repository', () => {
    it('is found by its address, with its id, its branch and the right to push', async () => {
      const { reader, writerFor, ref, world } = scene();
      const expected = { id: world.recipe.id, ...ref, defaultBranch: 'main', archived: false, empty: false, canPush: false };
      expect(await reader.repository(ref)).toMatchObject(expected);
      expect(await (await writerFor(world.member)).canPush(ref)).toBe(true);
    });

    it('has a commit at the tip of each branch, of whatever name', async () => {
      const { reader, ref, world } = scene();
      const sha = await world.clone.commit('a/branch-of+parts', 'a tip');
      await world.clone.push(ref, world.member, 'a/branch-of+parts');
      expect(await reader.branchHead(ref, 'a/branch-of+parts')).toBe(sha);
      expect(await reader.branchHead(ref, 'no-such-branch')).toBeUndefined();
    });

    it('has no commit while it is empty', async () => {
      const { reader, world } = scene();
      const { ref: empty } = await world.addRepository('empty');
      expect(await reader.repository(empty)).toMatchObject({ empty: true });
      expect(await reader.branchHead(empty, 'main')).toBeUndefined();
    });

    it('is not found when it is private and the account is a stranger', async () => {
      const { readerFor, world } = scene();
      const { ref: vault } = await world.addRepository('vault', { private: true });
      await expect((await readerFor(world.outsider)).repository(vault)).rejects.toBeInstanceOf(ForgeNotFound);
    });

    it('has moved when it was renamed, and nothing is written under the old name', async () => {
      const { newIssue, reader, writer, world } = scene();
      const { ref: old } = await world.addRepository('old-name');
      const number = await newIssue('an issue', old);
      const renamed = await world.renameRepository(old, 'new-name');
      await expect(reader.repository(old)).rejects.toBeInstanceOf(ForgeMoved);
      await expect(writer.createComment(old, number, 'lost?')).rejects.toBeInstanceOf(ForgeMoved);
      expect(await reader.comments(renamed, number)).toEqual([]);
    });

    it('takes no comment when it is archived', async () => {
      const { newIssue, writer, world } = scene();
      const { ref: old } = await world.addRepository('archived');
      const number = await newIssue('an issue', old);
      await world.api('PATCH', `/repos/${old.owner}/${old.name}`, { as: world.owner.token, body: { archived: true } });
      await expect(writer.createComment(old, number, 'hello')).rejects.toMatchObject({
        name: 'ForgeRefused',
        because: 'archived',
      });
    });
  });

  describe('an owner', () => {
    it('is an organisation or a person', async () => {
      const { reader, world } = scene();
      expect(await reader.ownerKind(world.organisation)).toBe('organisation');
      expect(await reader.ownerKind(world.outsider.login)).toBe('person');
    });

    it('is not found when it is nobody', async () => {
      const { reader, world } = scene();
      await expect(reader.ownerKind(`${world.organisation}-nobody`)).rejects.toBeInstanceOf(ForgeNotFound);
    });
  });

  describe('membership', () => {
    it('of a private member is seen by a member', async () => {
      const { reader, world } = scene();
      expect(await reader.membership(world.organisation, world.member.login)).toBe('member');
    });

    it.each<[string, () => string]>([
      ['an outsider', () => scene().world.outsider.login],
      ['nobody', () => `${scene().world.organisation}-nobody`],
    ])('of %s is denied to a member', async (_, login) => {
      const { reader, world } = scene();
      expect(await reader.membership(world.organisation, login())).toBe('not-member');
    });

    it('of a public member is seen by an outsider', async () => {
      const { readerFor, world } = scene();
      const stranger = await readerFor(world.outsider);
      expect(await stranger.membership(world.organisation, world.openMember.login)).toBe('member');
    });

    it('of a private member is not told to an outsider', async () => {
      const { readerFor, world } = scene();
      const stranger = await readerFor(world.outsider);
      expect(await stranger.membership(world.organisation, world.member.login)).toBe('only-public-visible');
    });
  });

  describe('a collaborator', () => {
    it('is whoever was added to the repository', async () => {
      const { reader, ref, world } = scene();
      const fork = await world.addFork(ref, world.member);
      const path = `/repos/${fork.owner}/${fork.name}/collaborators/${world.outsider.login}`;
      await world.api('PUT', path, { as: world.member.token, body: { permission: 'read' } });
      expect(await reader.isCollaborator(fork, world.outsider.login)).toBe(true);
      expect(await reader.isCollaborator(fork, world.openMember.login)).toBe(false);
      expect(await reader.isCollaborator(fork, `${world.organisation}-nobody`)).toBe(false);
    });
  });
}
