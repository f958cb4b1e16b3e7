import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deployer } from '@cc-ci/deploy/deployer';
import { readRecipe } from '@cc-ci/recipes/recipe';
import type { RunRequest } from '@cc-ci/shared/contract/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBase, findReleases, type KnownReleases } from '../src/base.ts';
import { checkout, type Fetching } from '../src/checkout.ts';
import { readOwnSettings } from '../src/tests/own-settings.ts';
import { type GitServer, startGitServer } from './git-server.ts';
import { release } from './release.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ccci-base-'));
});
afterEach(() => rm(folder, { recursive: true }));

const files = (version: string) => ({
  'compose.yml': `services:\n  app:\n    image: nginx:1.25.3\n    deploy: { labels: ["coop-cloud.x.version=${version}"] }\n`,
  '.env.sample': 'TYPE=hedgedoc\n',
});
const app = { stack: 'hedg-1', domain: 'hedg-1.test', owner: { instance: 'i', host: 'h', run: 'aaaaaa', attempt: 1 } };
const deployer: Pick<Deployer, 'prepare'> = { prepare: async (_app, _recipe, commit) => release(commit) };

/** What is found for a commit of 1.1.0 beside a release 1.0.0. @param change what becomes of the forge's list on the way */
async function found(
  server: GitServer,
  {
    tag,
    change = (releases) => releases,
  }: { tag(commit: string): Promise<unknown>; change?(releases: KnownReleases): KnownReleases },
) {
  const before = await server.commit('main', files('1.0.0+1'));
  await tag(before);
  const commit = await server.commit('change', files('1.1.0+1'), before);
  const request: RunRequest = {
    origin: { kind: 'comment', commentId: 1, at: 0 },
    repo: { id: 1, owner: 'coop', name: 'hedgedoc' },
    cloneUrl: server.url,
    recipe: 'hedgedoc',
    pull: null,
    commit,
    chosen: 'named',
    flags: { quick: false, extraTests: false, stages: null },
    by: null,
  };
  const access = { forgeUrl: server.forgeUrl, token: async () => undefined };
  const fetching: Fetching = { access, signal: new AbortController().signal, onAway: () => undefined };
  const place = join(folder, 'commit');
  await checkout({ url: server.url, commit, reference: undefined }, place, fetching);
  const own = await readOwnSettings('/nowhere', 'hedgedoc');
  const recipe = await readRecipe(place, 'hedgedoc', { settings: own });
  const releases = change(await findReleases(request, undefined, fetching));
  const base = await findBase({ app, request, releases, recipe, version: '1.1.0+1', own, deployer, folder, fetching });
  return 'reason' in base ? base.reason : [base.name, base.release.commit === before];
}

describe('what an upgrade starts from, as the forge has it (case 87)', () => {
  const gone = (releases: KnownReleases): KnownReleases => ({
    ...releases,
    commits: new Map([...releases.commits].map(([name]) => [name, 'd'.repeat(40)])),
  });

  it('is the release of an annotated tag', async () => {
    await using server = await startGitServer();
    expect(await found(server, { tag: (commit) => server.tag('1.0.0+1', commit) })).toEqual(['`1.0.0+1`', true]);
  });

  it('is the release of a tag that is none: lint says so, and the upgrade is tested all the same', async () => {
    await using server = await startGitServer();
    expect(await found(server, { tag: (commit) => server.git('tag', '1.0.0+1', commit) })).toEqual(['`1.0.0+1`', true]);
  });

  it('is nothing where there is no tag, which is said', async () => {
    await using server = await startGitServer();
    expect(await found(server, { tag: async () => undefined })).toBe('there is no earlier version to upgrade from');
  });

  it('is nothing where the tag was moved from a commit that is gone, which is said', async () => {
    await using server = await startGitServer({ anySha: false });
    const said = await found(server, { tag: (commit) => server.tag('1.0.0+1', commit), change: gone });
    expect(said).toBe('`1.0.0+1`, the version before, is not to be had from the forge');
  }, 20_000);
});
