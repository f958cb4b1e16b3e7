import { describe, expect, it } from 'vitest';
import { eventually, MORE_THAN_A_PAGE, type Scene, slug } from './contract-scene.ts';

const EVER = new Date(0);

/** What the cheap poll over an owner shows, and what moves a pull request in it. */
export function searchContract(scene: () => Scene): void {
  describe('the search over an owner', () => {
    it('shows what moved in the very second that is asked for, and nothing a second later', async () => {
      const { newPull, movedAt, reader, world } = scene();
      const { number } = await newPull('search-inclusive');
      const moved = await movedAt(number);
      const numbersSince = async (since: Date) => {
        const { issues } = await reader.searchIssues({ owner: world.organisation, since });
        return issues.map((issue) => issue.number);
      };
      expect(await numbersSince(moved)).toContain(number);
      expect(await numbersSince(new Date(moved.getTime() + 1000))).not.toContain(number);
    });

    it('tells pull requests from issues, and where they are', async () => {
      const { newPull, newIssue, reader, ref, world } = scene();
      const { number } = await newPull('search-kind');
      const plain = await newIssue('a plain issue');
      const { issues } = await reader.searchIssues({ owner: world.organisation, since: EVER });
      const found = (wanted: number) => issues.find((issue) => issue.number === wanted && issue.repository.name === ref.name);
      expect(found(number)).toMatchObject({ isPull: true, state: 'open', repository: { id: world.recipe.id, ...ref } });
      expect(found(plain)).toMatchObject({ isPull: false, title: 'a plain issue' });
    });

    it('shows closed ones too', async () => {
      const { newPull, editPull, reader, world } = scene();
      const { number } = await newPull('search-closed');
      await editPull(number, { state: 'closed' });
      const { issues } = await reader.searchIssues({ owner: world.organisation, since: EVER });
      expect(issues.find((issue) => issue.title === 'search-closed')).toMatchObject({ number, state: 'closed' });
    });

    it('carries the time of the server, which is not before anything that it shows', async () => {
      const { newPull, reader, world } = scene();
      await newPull('search-time');
      const { issues, serverTime } = await reader.searchIssues({ owner: world.organisation, since: EVER });
      for (const issue of issues) expect(issue.updatedAt.getTime()).toBeLessThanOrEqual(serverTime.getTime());
      expect(issues).not.toEqual([]);
    });

    it('is read to its end when it is longer than a page', async () => {
      const { newIssue, reader, world } = scene();
      const { ref: many } = await world.addRepository('many');
      for (let n = 1; n <= MORE_THAN_A_PAGE; n += 1) await newIssue(`issue ${n}`, many);
      const { issues } = await reader.searchIssues({ owner: world.organisation, since: EVER });
      const numbers = issues.filter((issue) => issue.repository.name === 'many').map((issue) => issue.number);
      expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: MORE_THAN_A_PAGE }, (_, index) => index + 1));
    });

    it('is refused for an owner that does not exist', async () => {
      const { reader, world } = scene();
      const search = reader.searchIssues({ owner: `${world.organisation}-nobody`, since: EVER });
      await expect(search).rejects.toMatchObject({ name: 'ForgeRefused', because: 'request', status: 400 });
    });
  });

  describe('a pull request moves in the search', () => {
    it.each<[string, (branch: string, number: number) => Promise<unknown>]>([
      ['when a comment is created', (_, number) => scene().writer.createComment(scene().ref, number, 'a word')],
      ['when its branch is pushed to', (branch) => scene().pushAgain(branch)],
    ])('%s', async (title, act) => {
      const { newPull, movedAt, nextSecond } = scene();
      const { number } = await newPull(slug(title));
      const before = await movedAt(number);
      await nextSecond(before);
      await act(slug(title), number);
      await eventually('it moved', async () => (await movedAt(number)) > before);
    });
  });

  describe('a pull request stays where it is in the search', () => {
    it.each<[string, (id: number) => Promise<unknown>]>([
      ['when a comment is edited', (id) => scene().writer.editComment(scene().ref, id, 'another word')],
      ['when a comment is deleted', (id) => scene().writer.deleteComment(scene().ref, id)],
      ['when somebody reacts to a comment', (id) => scene().writer.addReaction(scene().ref, id, 'eyes')],
    ])('%s', async (title, act) => {
      const { newPull, movedAt, nextSecond, writer, ref } = scene();
      const { number } = await newPull(slug(title));
      const { id } = await writer.createComment(ref, number, 'a word');
      const before = await movedAt(number);
      await nextSecond(before);
      await act(id);
      expect(await movedAt(number)).toEqual(before);
    });
  });
}
