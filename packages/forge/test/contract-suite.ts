/**
 * What cc-ci relies on from a forge, as a specification that runs against the double and against a real Gitea alike.
 * It speaks HTTP and git only; whatever a forge does in the background is waited for.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { accountContract } from './contract-account.ts';
import { commentContract } from './contract-comments.ts';
import { hookContract } from './contract-hooks.ts';
import { pullContract } from './contract-pulls.ts';
import { repositoryContract } from './contract-repositories.ts';
import { contractScene, type Scene } from './contract-scene.ts';
import { searchContract } from './contract-search.ts';
import { statusContract } from './contract-statuses.ts';
import { contractWorld, type ForgeUnderTest } from './contract-world.ts';

export type { ForgeUnderTest } from './contract-world.ts';

/** For the world or one test: some fifty requests and pushes over a network, or on a busy machine. Longer than what they wait for. */
const LONGEST_MS = 120_000;

/**
 * Runs the suite on a forge. `open` is called once; what it gives is disposed of at the end. A forge elsewhere cannot deliver to the
 * machine of the tests, and most are forbidden to.
 */
export function forgeContract(
  name: string,
  open: () => Promise<ForgeUnderTest>,
  { deliversHere = false }: { deliversHere?: boolean } = {},
): void {
  describe(name, { timeout: LONGEST_MS }, () => {
    const opened = new AsyncDisposableStack();
    let scene: Scene | undefined;

    beforeAll(async () => {
      const forge = opened.use(await open());
      scene = await contractScene(opened.use(await contractWorld(forge)));
    }, LONGEST_MS);

    afterAll(async () => await opened.disposeAsync(), LONGEST_MS);

    const theScene = (): Scene => {
      if (scene) return scene;
      throw new Error('The world of the contract was not made: see the failure of the set-up.');
    };
    accountContract(theScene);
    searchContract(theScene);
    repositoryContract(theScene);
    commentContract(theScene);
    pullContract(theScene);
    statusContract(theScene);
    hookContract(theScene, deliversHere);
  });
}
