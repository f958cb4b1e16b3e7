import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScene, recipe, ref, type Scene } from './scene.ts';

const vault = 'coop/vault';

describe('git over HTTP', () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene();
    await scene.double.addRepository(vault, { private: true });
    await scene.push('ana', 'main', { owner: 'coop', name: 'vault' });
  });
  afterAll(async () => await scene[Symbol.asyncDispose]());

  const address = (fullName: string, user = '', password = '') => {
    const url = new URL(`${scene.double.url}/${fullName}.git`);
    url.username = user;
    url.password = password;
    return url.href;
  };
  const main = async (url: string) => (await scene.clone.git(['ls-remote', url, 'refs/heads/main'])).split('\t')[0];

  it('gives a public repository to anybody', async () => {
    expect(await main(address(recipe))).toBe(scene.tip);
  });

  it.each<[string, () => string]>([
    ['a token as password', () => address(vault, 'whoever', scene.double.issueToken('bob', ['read:repository']))],
    ['a token as user name', () => address(vault, scene.double.issueToken('bob', ['read:repository']), 'x-oauth-basic')],
  ])('gives a private repository to a member with %s', async (_, url) => {
    expect(await main(url())).toBe(scene.tip);
  });

  it.each<[string, string, () => string]>([
    ['nobody', 'could not read Username', () => address(vault)],
    ['an unknown token', 'Authentication failed', () => address(vault, 'bob', 'wrong')],
    ['an outsider', 'not found', () => address(vault, 'eve', scene.double.issueToken('eve', ['read:repository']))],
    ['a token for comments only', '403', () => address(vault, 'bob', scene.double.issueToken('bob', ['write:issue']))],
  ])('hides a private repository from %s', async (_, said, url) => {
    await expect(main(url())).rejects.toThrow(said);
  });

  it.each<[string, string, () => string]>([
    ['an unknown token', 'could not read Username', () => 'wrong'],
    ['an outsider', '403', () => scene.double.issueToken('eve', ['write:repository'])],
    ['a token that may only read', '403', () => scene.double.issueToken('bob', ['read:repository'])],
  ])('takes no push from %s', async (_, said, token) => {
    await expect(scene.clone.push(ref, { token: token() }, 'main:refs/heads/refused')).rejects.toThrow(said);
    expect(await scene.remote('refs/heads/refused')).toBe('');
  });

  it('gives a single commit by its id, and without its files', async () => {
    const { git } = scene.clone;
    await git(['init', '--quiet', '--bare', 'partial']);
    await git(['-C', 'partial', 'fetch', '--quiet', '--depth=1', '--filter=blob:none', address(recipe), scene.tip]);
    expect(await git(['-C', 'partial', 'rev-list', '--count', 'FETCH_HEAD'])).toBe('1');
    expect(await git(['-C', 'partial', 'rev-list', '--objects', '--missing=print', 'FETCH_HEAD'])).toContain('\n?');
  });

  // Only the older protocol asks the server's leave for a commit that no ref points at.
  it.each([0, 2])('still gives what was force-pushed away, in protocol version %i', async (version) => {
    const away = await scene.pushed('bob', `gone-${version}`);
    await scene.push('bob', `main:refs/heads/gone-${version}`);
    const { git } = scene.clone;
    await git(['init', '--quiet', '--bare', `late-${version}`]);
    await git(['-C', `late-${version}`, '-c', `protocol.version=${version}`, 'fetch', '--quiet', address(recipe), away]);
    expect(await git(['-C', `late-${version}`, 'rev-parse', 'FETCH_HEAD'])).toBe(away);
  });

  it('speaks the smart protocol only', async () => {
    expect((await fetch(`${scene.double.url}/${recipe}.git/info/refs`)).status).toBe(403);
  });
});
