/** What the tests of the contract have in common: clients of a reading and speaking bot, and short ways to make pull requests. */
import { z } from 'zod';
import type { ForgeReader, ForgeWriter } from '../src/forge.ts';
import { openGiteaReader, openGiteaWriter } from '../src/gitea.ts';
import type { PullRequest, Push, RepoRef } from '../src/schema.ts';
import { type ContractWorld, eventually, type Person } from './contract-world.ts';

export { eventually } from './contract-world.ts';

export const readScopes = ['read:issue', 'read:repository', 'read:organization', 'read:user'];
export const speakScopes = ['write:issue', 'read:repository', 'read:user'];
/** A commit that no repository has. */
export const unknownSha = '0123456789abcdef0123456789abcdef01234567';
/** One page and a bit, so that a second one must be read. */
export const MORE_THAN_A_PAGE = 53;

export const Numbered = z.object({ number: z.number() });

/** A branch name from a test's title. */
export const slug = (title: string) => title.replaceAll(/\W+/g, '-').toLowerCase();

export type Scene = Awaited<ReturnType<typeof contractScene>>;

/** Who reads and writes as the bot, which is a member that may read. */
export async function contractScene(world: ContractWorld) {
  const { ref } = world.recipe;
  const repositoryPath = `/repos/${ref.owner}/${ref.name}`;
  const optionsFor = async (person: Person, scopes: string[]) => {
    const token = await world.addToken(person, scopes);
    return { url: world.forge.url, fetch: world.forge.fetch, token: async () => token };
  };
  const readerFor = async (person: Person, scopes = readScopes): Promise<ForgeReader> =>
    openGiteaReader(await optionsFor(person, scopes));
  const writerFor = async (person: Person, scopes = speakScopes): Promise<ForgeWriter> =>
    openGiteaWriter(await optionsFor(person, scopes));
  const reader = await readerFor(world.bot);
  const writer = await writerFor(world.bot);

  /** The pushes of a pull request, once there are so many. */
  const pushesOf = async (number: number, count: number): Promise<Push[]> => {
    let pushes: Push[] = [];
    await eventually(`${count} pushes of #${number}`, async () => {
      ({ pushes } = await reader.timeline(ref, number));
      return pushes.length === count;
    });
    return pushes;
  };

  /** A pull request of one commit from a branch of its own, with its opening written. */
  const newPull = async (branch: string): Promise<Opened> => {
    const sha = await world.clone.commit(branch, `change for ${branch}`);
    await world.clone.push(ref, world.member, branch);
    const number = await world.openPull({ head: branch });
    await pushesOf(number, 1);
    return { number, sha };
  };

  /** The same from a fork. */
  const forkedPull = async (branch: string): Promise<Opened & { fork: RepoRef }> => {
    const fork = await world.addFork(ref, world.openMember);
    const sha = await world.clone.commit(branch, `change for ${branch}`);
    await world.clone.push(fork, world.openMember, branch);
    const number = await world.openPull({ head: `${fork.owner}:${branch}`, by: world.openMember });
    return { fork, number, sha };
  };

  return {
    ...{ world, ref, reader, writer, readerFor, writerFor, pushesOf, newPull, forkedPull },

    /** One more commit on a branch, pushed. */
    pushAgain: async (branch: string): Promise<string> => {
      const sha = await world.clone.commit(branch, 'one more');
      await world.clone.push(ref, world.member, branch);
      return sha;
    },

    /** Another issue of the recipe, no pull request; returns its number. */
    newIssue: async (title: string, to: RepoRef = ref): Promise<number> => {
      const made = await world.api(
        'POST',
        `/repos/${to.owner}/${to.name}/issues`,
        { as: world.member.token, body: { title } },
        Numbered,
      );
      return made.number;
    },

    editPull: async (number: number, body: { state?: PullRequest['state']; base?: string }): Promise<void> => {
      await world.api('PATCH', `${repositoryPath}/pulls/${number}`, { as: world.member.token, body });
    },

    movedAt: async (number: number): Promise<Date> => (await reader.pullRequest(ref, number)).updatedAt,

    /** Until the forge's clock shows a later second: it keeps whole ones. */
    nextSecond: async (after: Date): Promise<void> => {
      const now = async () => (await reader.searchIssues({ owner: world.organisation, since: new Date() })).serverTime;
      await eventually('the next second', async () => (await now()) > after);
    },
  };
}

interface Opened {
  number: number;
  sha: string;
}
