import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGiteaHooks } from '@cc-ci/forge/gitea';
import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import { openLog } from '@cc-ci/shared/service/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ForgeDouble, startForgeDouble } from '../../../packages/forge-double/src/double.ts';
import { openHooks } from '../src/hooks.ts';

const url = 'https://ci.example.org/hooks/gitea';
const recipes = ['coop/hedgedoc', 'coop/etherpad'];

let folder: string;
let forge: ForgeDouble;
let enrolled: Enrolled[];
let lines: string[];
let secrets: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ccci-hooks-'));
  forge = await startForgeDouble({ folder });
  [enrolled, lines, secrets] = [[], [], ['the-first-secret']];
  for (const login of ['ana', 'bob']) forge.addUser(login);
  forge.addOrganisation('coop', { owner: 'ana' });
  forge.addMember('coop', 'bob');
  for (const full of recipes) {
    const [owner = '', name = ''] = full.split('/');
    const { id } = await forge.addRepository(full);
    enrolled.push({
      v: 1,
      repo: { id, owner, name },
      cloneUrl: forge.cloneUrl(full),
      defaultBranch: 'main',
      private: false,
      seenAt: 0,
    });
  }
});
afterEach(async () => {
  await forge[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** The duty, for somebody with a token of these scopes. */
function hooksBy(login: string, scopes = ['write:repository']): () => Promise<void> {
  const token = forge.issueToken(login, scopes);
  const log = openLog({ service: 'infra', instance: 'demo', destination: { write: (line) => void lines.push(line) } });
  const client = openGiteaHooks({ url: forge.url, token: async () => token, firstRetryMs: 1 });
  return openHooks({ enrolled: async () => enrolled, forge: client, url, secrets: async () => secrets, log });
}

const admin = () => openGiteaHooks({ url: forge.url, token: async () => forge.issueToken('ana', ['write:repository']) });
const addresses = async (full: string): Promise<string[]> => {
  const [owner = '', name = ''] = full.split('/');
  return (await admin().hooks({ owner, name })).map((hook) => hook.url);
};
/** Requests that changed something. */
const writes = (): string[] => forge.requests.all().flatMap(({ method }) => (method === 'GET' ? [] : [method]));

describe('infra’s hooks', () => {
  it('are made once for each recipe, and the second time nothing is changed', async () => {
    const keep = hooksBy('ana');
    await keep();
    expect(writes()).toEqual(['POST', 'POST']);
    forge.requests.clear();
    await keep();
    expect(writes()).toEqual([]);
    for (const recipe of recipes) expect(await addresses(recipe)).toEqual([expect.stringMatching(/\/hooks\/gitea\?k=/)]);
  });

  it('are replaced when the secret is, the new one first, and foreign ones stay', async () => {
    const foreign = forge.addHook('coop/hedgedoc', { url: 'https://chat.example.org/', secret: 'theirs', events: ['push'] });
    const keep = hooksBy('ana');
    await keep();
    const before = await addresses('coop/hedgedoc');
    forge.requests.clear();
    secrets = ['the-second-secret', 'the-first-secret'];
    await keep();
    expect(writes()).toEqual(['POST', 'DELETE', 'POST', 'DELETE']);
    const after = await addresses('coop/hedgedoc');
    expect(after).toHaveLength(2);
    expect(after[0]).toBe('https://chat.example.org/');
    expect(before).not.toContain(after[1]);
    expect(foreign.id).toBeGreaterThan(0);
  });

  it('are one again when the forge made one and said that it failed', async () => {
    const keep = hooksBy('ana');
    forge.hideNextSuccess();
    await expect(keep()).rejects.toThrow('The hooks of 1 recipe could not be brought into order');
    await keep();
    for (const recipe of recipes) expect(await addresses(recipe)).toHaveLength(1);
  });

  it.each([
    ['who may only write', 'bob', ['write:repository']],
    ['whose token may only read', 'ana', ['read:repository']],
    ['whose token is for something else', 'ana', ['write:issue']],
  ])('are left to people by somebody %s, which is said once', async (_, login, scopes) => {
    const keep = hooksBy(login, scopes);
    await keep();
    await keep();
    const said = lines.filter((line) => line.includes('docs/enroll.md says how to add the hook by hand'));
    expect(said).toHaveLength(recipes.length);
    for (const recipe of recipes) expect(await addresses(recipe)).toEqual([]);
  });

  it('of one recipe do not keep those of the others from being made', async () => {
    enrolled.unshift({ ...(enrolled[0] as Enrolled), repo: { id: 99, owner: 'coop', name: 'gone' } });
    await hooksBy('ana')();
    for (const recipe of recipes) expect(await addresses(recipe)).toHaveLength(1);
  });

  it('have to be looked at again when the forge does not answer', async () => {
    forge.goDown();
    const keep = hooksBy('ana');
    await expect(keep()).rejects.toThrow('The hooks of 2 recipes could not be brought into order');
    forge.comeBack();
    await keep();
    for (const recipe of recipes) expect(await addresses(recipe)).toHaveLength(1);
  });
});
