import { describe, expect, it } from 'vitest';
import { openGiteaReader } from '../src/gitea.ts';
import type { Scene } from './contract-scene.ts';

/** Who is asking, and whom. */
export function accountContract(scene: () => Scene): void {
  describe('the account of the token', () => {
    it('is known by id and login', async () => {
      const { reader, world } = scene();
      expect(await reader.me()).toEqual({ id: world.bot.id, login: world.bot.login });
    });

    it('is refused when the token is unknown', async () => {
      const { url, fetch } = scene().world.forge;
      const stranger = openGiteaReader({ url, fetch, token: async () => 'f'.repeat(40) });
      await expect(stranger.me()).rejects.toMatchObject({ name: 'ForgeRefused', because: 'token', retry: 'never' });
    });

    it('is refused when there is no token', async () => {
      const { url, fetch } = scene().world.forge;
      const nobody = openGiteaReader({ url, fetch, token: async () => undefined });
      await expect(nobody.me()).rejects.toMatchObject({ name: 'ForgeRefused', because: 'token' });
    });

    it('is refused when the token lacks the scope', async () => {
      const { readerFor, world } = scene();
      const narrow = await readerFor(world.bot, ['read:issue']);
      await expect(narrow.me()).rejects.toMatchObject({ name: 'ForgeRefused', because: 'scope' });
    });
  });

  describe('the forge', () => {
    it('names its version', async () => {
      expect(await scene().reader.version()).toMatch(/^\d+\.\d+/);
    });
  });
}
