import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { contractClone } from '../../forge/test/contract-clone.ts';
import { type ForgeDouble, startForgeDouble } from '../src/double.ts';

/** On a busy machine each of many git processes takes a second to start; nothing here is about time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

export const recipe = 'coop/recipe';
export const ref = { owner: 'coop', name: 'recipe' };

/** A double with an organisation `coop` of ana (owner) and bob (writer), an outsider eve, and an empty `coop/recipe`. */
export async function openForge(): Promise<ForgeDouble> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'ccci-double-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const double = opened.use(await startForgeDouble({ folder }));
  for (const login of ['ana', 'bob', 'eve']) double.addUser(login);
  double.addOrganisation('coop', { owner: 'ana' });
  double.addMember('coop', 'bob');
  await double.addRepository(recipe);
  const all = opened.move();
  return { ...double, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

export type Scene = Awaited<ReturnType<typeof openScene>>;

/** The same with a first commit, and a clone to push from. */
export async function openScene() {
  await using opened = new AsyncDisposableStack();
  const double = opened.use(await openForge());
  const clone = opened.use(await contractClone(double.url));
  const push = async (login: string, refspec: string, to = ref): Promise<void> => {
    await clone.push(to, { token: double.issueToken(login, ['write:repository']) }, refspec);
  };
  const pushed = async (login: string, branch: string, to = ref): Promise<string> => {
    const sha = await clone.commit(branch, `a commit on ${branch}`);
    await push(login, branch, to);
    return sha;
  };
  const tip = await pushed('ana', 'main');
  const all = opened.move();
  return {
    ...{ double, clone, push, tip },
    /** A new commit on a branch, pushed; returns it. */
    pushed,
    /** What a ref is in the recipe, for anybody; '' when it is absent. */
    remote: async (name: string): Promise<string> =>
      (await clone.git(['ls-remote', double.cloneUrl(recipe), name])).split('\t')[0] ?? '',
    /** A pull request by bob of one commit. */
    openPull: async (branch: string): Promise<{ number: number; sha: string }> => {
      const sha = await pushed('bob', branch);
      const { number } = await double.openPullRequest(recipe, { as: 'bob', title: branch, head: branch });
      return { number, sha };
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** For a client of packages/forge with a new token. */
export function clientOptions(double: ForgeDouble, login: string, scopes: readonly string[]) {
  const secret = double.issueToken(login, scopes);
  return { url: double.url, token: async () => secret, firstRetryMs: 1 };
}
