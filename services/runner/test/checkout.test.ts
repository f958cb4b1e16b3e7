import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckoutFailed, checkout, type Fetching, readReferences, references } from '../src/checkout.ts';
import { abortAfter, DeadlinePassed, RunnerStopped } from '../src/stop.ts';
import { type GitServer, startGitServer } from './git-server.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ccci-checkout-'));
});
afterEach(() => rm(folder, { recursive: true }));

const never = new AbortController().signal;
function fetching(server: GitServer, changes: Partial<Fetching> & { token?: string } = {}): Fetching {
  const { token, ...rest } = changes;
  return { access: { forgeUrl: server.forgeUrl, token: async () => token }, signal: never, onAway: () => undefined, ...rest };
}
const recipe = { 'compose.yml': 'services: {}\n', '.env.sample': 'TYPE=x\n' };

describe('a checkout', () => {
  it('has exactly the files of the commit, also when the branch has moved on', async () => {
    await using server = await startGitServer();
    const commit = await server.commit('main', recipe);
    await server.commit('main', { 'compose.yml': 'moved on' });
    await checkout({ url: server.url, commit, reference: undefined }, folder, fetching(server));
    expect((await readdir(folder)).toSorted()).toEqual(['.env.sample', '.git', 'compose.yml']);
    expect(await readFile(join(folder, 'compose.yml'), 'utf8')).toBe(recipe['compose.yml']);
  });

  it('takes the place of what was in the folder', async () => {
    await using server = await startGitServer();
    const commit = await server.commit('main', recipe);
    await writeFile(join(folder, 'abra.sh'), 'of another time');
    await checkout({ url: server.url, commit, reference: undefined }, folder, fetching(server));
    expect(await readdir(folder)).not.toContain('abra.sh');
  });

  it('falls back to the reference where the forge gives no commit by its id', async () => {
    await using server = await startGitServer({ anySha: false });
    const commit = await server.commit('change', recipe);
    await server.git('update-ref', 'refs/pull/7/head', commit);
    await server.commit('change', { 'compose.yml': 'moved on' }, commit);
    await checkout({ url: server.url, commit, reference: 'refs/pull/7/head' }, folder, fetching(server));
    expect(await readFile(join(folder, 'compose.yml'), 'utf8')).toBe(recipe['compose.yml']);
  });

  it('gives up a commit that the forge does not have, after some looks', async () => {
    await using server = await startGitServer({ anySha: false });
    await server.commit('main', recipe);
    const failing = checkout({ url: server.url, commit: 'd'.repeat(40), reference: 'refs/heads/main' }, folder, fetching(server));
    await expect(failing).rejects.toMatchObject({ name: 'CheckoutFailed', kind: 'absent' });
  }, 20_000);

  it('gives up a tag that stands for a file, and does not say that the forge is away', async () => {
    await using server = await startGitServer();
    await server.commit('main', recipe);
    const blob = (await server.git('rev-parse', 'main:compose.yml')).trim();
    using limit = abortAfter(15_000, new DeadlinePassed(60));
    const wanted = { url: server.url, commit: blob, reference: undefined };
    const failing = checkout(wanted, folder, fetching(server, { signal: limit.signal }));
    await expect(failing).rejects.toMatchObject({ name: 'CheckoutFailed', kind: 'absent' });
  }, 20_000);

  it('waits while the forge is away, and says so once', async () => {
    await using server = await startGitServer();
    const commit = await server.commit('main', recipe);
    const said: string[] = [];
    server.goDown();
    await checkout(
      { url: server.url, commit, reference: undefined },
      folder,
      fetching(server, {
        onAway: (why) => {
          said.push(why);
          server.comeBack();
        },
      }),
    );
    expect(said).toHaveLength(1);
    expect(await readdir(folder)).toContain('compose.yml');
  });

  it('says that it was the forge when the run’s time is up', async () => {
    await using server = await startGitServer();
    const commit = await server.commit('main', recipe);
    server.goDown();
    const stop = new AbortController();
    const onAway = (): void => stop.abort(new DeadlinePassed(60));
    const failing = checkout(
      { url: server.url, commit, reference: undefined },
      folder,
      fetching(server, { signal: stop.signal, onAway }),
    );
    await expect(failing).rejects.toMatchObject({ name: 'CheckoutFailed', kind: 'unreachable' });
  });

  it('ends at once when the attempt is stopped', async () => {
    await using server = await startGitServer();
    server.goDown();
    using stop = abortAfter(0, new RunnerStopped('ci-1'));
    const failing = checkout(
      { url: server.url, commit: 'd'.repeat(40), reference: undefined },
      folder,
      fetching(server, { signal: stop.signal }),
    );
    await expect(failing).rejects.toThrow(RunnerStopped);
  });

  it('shows the token to the forge, and keeps it out of the folder and of errors', async () => {
    await using server = await startGitServer();
    const commit = await server.commit('main', recipe);
    server.demand('a-token-of-the-bot');
    await checkout({ url: server.url, commit, reference: undefined }, folder, fetching(server, { token: 'a-token-of-the-bot' }));
    expect(await readFile(join(folder, '.git', 'config'), 'utf8')).not.toContain('a-token-of-the-bot');
    const refused = await checkout(
      { url: server.url, commit, reference: undefined },
      folder,
      fetching(server, { token: 'another-wrong-token' }),
    ).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'denied' });
    expect(JSON.stringify(refused) + String(refused)).not.toContain('another-wrong-token');
  });

  it('shows the token to nobody but the forge', async () => {
    await using server = await startGitServer();
    const commit = await server.commit('main', recipe);
    const access = { forgeUrl: 'http://forge.example.org', token: async () => 'a-token-of-the-bot' };
    await checkout({ url: server.url, commit, reference: undefined }, folder, fetching(server, { access }));
    expect(server.seen.filter(Boolean)).toEqual([]);
  });

  it.each([['file:///etc'], ['ext::sh -c true'], ['ssh://git@127.0.0.1/x.git'], ['git://127.0.0.1/x.git']])(
    'never goes another way than HTTP: %s',
    async (url) => {
      await using server = await startGitServer();
      using limit = abortAfter(500, new DeadlinePassed(1));
      const failing = checkout(
        { url, commit: 'd'.repeat(40), reference: undefined },
        folder,
        fetching(server, { signal: limit.signal }),
      );
      await expect(failing).rejects.toThrow(CheckoutFailed);
      await expect(failing).rejects.toThrow(/not allowed/);
    },
  );
});

describe('the list of releases', () => {
  it('leads each tag to its commit, also an annotated one', async () => {
    await using server = await startGitServer();
    const commit = await server.commit('main', recipe);
    await server.tag('1.0.0+1', commit);
    await server.git('tag', '0.9.0+1', commit);
    const found = await references(server.url, ['refs/tags/*', 'refs/heads/main'], fetching(server));
    expect([...found.annotated]).toEqual(['refs/tags/1.0.0+1']);
    expect(Object.fromEntries(found.commits)).toEqual({
      'refs/tags/1.0.0+1': commit,
      'refs/tags/0.9.0+1': commit,
      'refs/heads/main': commit,
    });
  });

  it('is empty for an empty answer', () => {
    expect(readReferences('')).toEqual({ commits: new Map(), annotated: new Set() });
  });
});
