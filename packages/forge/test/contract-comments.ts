import { describe, expect, it } from 'vitest';
import { ForgeAnswerUnusable, ForgeNotFound, ForgeRefused } from '../src/errors.ts';
import { MORE_THAN_A_PAGE, readScopes, type Scene } from './contract-scene.ts';

/** A number that no issue has. */
const NO_ISSUE = 999_999;

/** Comments and reactions. */
export function commentContract(scene: () => Scene): void {
  describe('a comment', () => {
    it('is there under its id, with its author and the number of its pull request', async () => {
      const { newPull, reader, writer, ref, world } = scene();
      const { number } = await newPull('comment-created');
      const made = await writer.createComment(ref, number, '**hello**\n<!-- a mark -->');
      expect(made).toMatchObject({
        body: '**hello**\n<!-- a mark -->',
        author: { id: world.bot.id, login: world.bot.login },
        pullNumber: number,
      });
      expect(await reader.comment(ref, made.id)).toEqual(made);
      expect(await reader.comments(ref, number)).toEqual([made]);
    });

    it('has no pull request when it is on a plain issue', async () => {
      const { newIssue, writer, ref } = scene();
      const number = await newIssue('no pull request');
      expect((await writer.createComment(ref, number, 'hello')).pullNumber).toBeUndefined();
    });

    it('keeps its place and id when it is edited', async () => {
      const { newIssue, reader, writer, ref } = scene();
      const number = await newIssue('comment-edited');
      const made = await writer.createComment(ref, number, 'queued');
      const last = await writer.createComment(ref, number, 'another');
      await writer.editComment(ref, made.id, 'passed');
      expect(await reader.comments(ref, number)).toMatchObject([
        { id: made.id, body: 'passed' },
        { id: last.id, body: 'another' },
      ]);
    });

    it('is shown since the second in which it was last edited', async () => {
      const { newIssue, nextSecond, reader, writer, ref } = scene();
      const number = await newIssue('comment-since');
      const made = await writer.createComment(ref, number, 'one');
      await nextSecond(made.updatedAt);
      const edited = await writer.editComment(ref, made.id, 'two');
      expect(edited.updatedAt.getTime()).toBeGreaterThan(edited.createdAt.getTime());
      expect(await reader.comments(ref, number, edited.updatedAt)).toHaveLength(1);
      expect(await reader.comments(ref, number, new Date(edited.updatedAt.getTime() + 1000))).toEqual([]);
    });

    it('is gone when it was deleted, which may be asked for twice', async () => {
      const { newIssue, reader, writer, ref } = scene();
      const number = await newIssue('comment-deleted');
      const { id } = await writer.createComment(ref, number, 'soon gone');
      await writer.deleteComment(ref, id);
      await writer.deleteComment(ref, id);
      expect(await reader.comment(ref, id)).toBeUndefined();
      expect(await reader.comments(ref, number)).toEqual([]);
      await expect(writer.editComment(ref, id, 'back?')).rejects.toBeInstanceOf(ForgeNotFound);
    });

    it('comes with all the others in one answer, however many there are', async () => {
      const { newIssue, reader, writer, ref } = scene();
      const number = await newIssue('comment-many');
      for (let n = 1; n <= MORE_THAN_A_PAGE; n += 1) await writer.createComment(ref, number, `comment ${n}`);
      const bodies = (await reader.comments(ref, number)).map((comment) => comment.body);
      expect(bodies).toEqual(Array.from({ length: MORE_THAN_A_PAGE }, (_, index) => `comment ${index + 1}`));
    });

    it('of somebody else cannot be edited or deleted without the right to write', async () => {
      const { newIssue, writer, writerFor, ref, world } = scene();
      const number = await newIssue('comment-foreign');
      const { id } = await (await writerFor(world.member)).createComment(ref, number, 'mine');
      await expect(writer.editComment(ref, id, 'ours')).rejects.toMatchObject({ name: 'ForgeRefused', because: 'right' });
      await expect(writer.deleteComment(ref, id)).rejects.toMatchObject({ name: 'ForgeRefused', because: 'right' });
    });

    it('is no comment when its id belongs to a push', async () => {
      const { newPull, pushesOf, reader, ref } = scene();
      const { number } = await newPull('comment-or-push');
      const [opening] = await pushesOf(number, 1);
      expect(opening).toBeDefined();
      expect(await reader.comment(ref, opening?.id ?? 0)).toBeUndefined();
    });

    it('needs an issue that exists: otherwise the forge fails inside', async () => {
      const { reader, writer, ref } = scene();
      await expect(writer.createComment(ref, NO_ISSUE, 'hello?')).rejects.toBeInstanceOf(ForgeAnswerUnusable);
      await expect(reader.comments(ref, NO_ISSUE)).rejects.toBeInstanceOf(ForgeAnswerUnusable);
    });

    it('needs a text', async () => {
      const { newIssue, writer, ref } = scene();
      const number = await newIssue('comment-empty');
      await expect(writer.createComment(ref, number, '')).rejects.toMatchObject({ name: 'ForgeRefused', because: 'request' });
    });

    it('needs the scope to write', async () => {
      const { newIssue, writerFor, ref, world } = scene();
      const number = await newIssue('comment-scope');
      const mute = await writerFor(world.bot, readScopes);
      await expect(mute.createComment(ref, number, 'hello')).rejects.toMatchObject({ name: 'ForgeRefused', because: 'scope' });
    });
  });

  describe('a reaction', () => {
    it('is there once, however often it is added, and gone once it is removed', async () => {
      const { newIssue, writer, writerFor, ref, world } = scene();
      const number = await newIssue('reaction');
      const { id } = await (await writerFor(world.outsider)).createComment(ref, number, 'hello');
      expect(await writer.reactions(ref, id)).toEqual([]);
      await writer.addReaction(ref, id, 'eyes');
      await writer.addReaction(ref, id, 'eyes');
      expect(await writer.reactions(ref, id)).toEqual([{ content: 'eyes', user: { id: world.bot.id, login: world.bot.login } }]);
      await writer.removeReaction(ref, id, 'eyes');
      await writer.removeReaction(ref, id, 'eyes');
      expect(await writer.reactions(ref, id)).toEqual([]);
    });

    it('is refused when the forge has none of that name', async () => {
      const { newIssue, writer, ref } = scene();
      const number = await newIssue('reaction-unknown');
      const { id } = await writer.createComment(ref, number, 'hello');
      await expect(writer.addReaction(ref, id, 'teapot')).rejects.toBeInstanceOf(ForgeRefused);
    });
  });
}
