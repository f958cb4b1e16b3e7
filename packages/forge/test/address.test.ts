import { describe, expect, it } from 'vitest';
import { openGiteaReader, openGiteaWriter } from '../src/gitea.ts';
import { cannedServer } from './canned-server.ts';

const ref = { owner: 'coop', name: 'hedgedoc' };

describe('what goes into a path', () => {
  it.each(['..', '.', '', 'a/b', 'a?b', 'a#b', 'a b', 'ä', '../../admin?x', `${'x'.repeat(101)}`])(
    'is refused unasked: "%s"',
    async (bad) => {
      await using server = await cannedServer({ status: 200, body: [] });
      const reader = openGiteaReader({ url: server.url, token: async () => undefined });
      for (const asking of [
        () => reader.repository({ owner: bad, name: 'hedgedoc' }),
        () => reader.repository({ owner: 'coop', name: bad }),
        () => reader.repositories(bad),
        () => reader.searchIssues({ owner: bad, since: new Date(0) }),
        () => reader.membership(bad, 'ana'),
        () => reader.membership('coop', bad),
        () => reader.isCollaborator(ref, bad),
      ])
        await expect(asking()).rejects.toMatchObject({ name: 'ForgeRequestInvalid', retry: 'never' });
      expect(server.asked).toEqual([]);
    },
  );

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])('is refused unasked: number %d', async (bad) => {
    await using server = await cannedServer({ status: 200, body: [] });
    const reader = openGiteaReader({ url: server.url, token: async () => undefined });
    await expect(reader.pullRequest(ref, bad)).rejects.toMatchObject({ name: 'ForgeRequestInvalid' });
    await expect(reader.comment(ref, bad)).rejects.toMatchObject({ name: 'ForgeRequestInvalid' });
    expect(server.asked).toEqual([]);
  });

  it.each(['', 'main', 'HEAD', '../x', 'ABCDEF0123'])('is refused unasked: commit "%s"', async (bad) => {
    await using server = await cannedServer({ status: 200, body: [] });
    const writer = openGiteaWriter({ url: server.url, token: async () => undefined });
    await expect(writer.statuses(ref, bad)).rejects.toMatchObject({ name: 'ForgeRequestInvalid' });
    expect(server.asked).toEqual([]);
  });

  it.each(['', '/', 'a//b', '../x', 'a/../b', 'a b', 'a?b', 'a~1', 'a^', 'a:b', 'x@{1}', '.hidden', 'a\nb'])(
    'is refused unasked: branch %j',
    async (bad) => {
      await using server = await cannedServer({ status: 200, body: [] });
      const reader = openGiteaReader({ url: server.url, token: async () => undefined });
      await expect(reader.branchHead(ref, bad)).rejects.toMatchObject({ name: 'ForgeRequestInvalid' });
      expect(server.asked).toEqual([]);
    },
  );

  it.each(['coop', 'Co-op.cloud_2', '...x'])('may be "%s"', async (good) => {
    await using server = await cannedServer({ status: 200, body: [] });
    await openGiteaReader({ url: server.url, token: async () => undefined }).repositories(good);
    expect(server.asked[0]?.path).toContain(`/orgs/${good}/repos`);
  });
});
