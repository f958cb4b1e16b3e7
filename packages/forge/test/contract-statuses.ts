import { describe, expect, it } from 'vitest';
import { ForgeAnswerUnusable } from '../src/errors.ts';
import { type Scene, speakScopes, unknownSha } from './contract-scene.ts';

const passed = {
  state: 'success',
  context: 'cc-ci/testme',
  description: 'passed',
  targetUrl: 'https://ci.example.org/runs/1',
} as const;
const statusScopes = [...speakScopes, 'write:repository'];

/** Commit statuses, which need more rights than all else. */
export function statusContract(scene: () => Scene): void {
  describe('a commit status', () => {
    it('adds a row, of which the newest comes first', async () => {
      const { newPull, writerFor, ref, world } = scene();
      const { sha } = await newPull('status');
      const speaker = await writerFor(world.member, statusScopes);
      await speaker.createStatus(ref, sha, { ...passed, state: 'pending', description: 'running' });
      await speaker.createStatus(ref, sha, passed);
      expect(await speaker.statuses(ref, sha)).toMatchObject([
        { ...passed, creator: { id: world.member.id } },
        { state: 'pending', description: 'running' },
      ]);
    });

    it('is refused without the scope', async () => {
      const { newPull, writerFor, ref, world } = scene();
      const { sha } = await newPull('status-scope');
      const speaker = await writerFor(world.member);
      await expect(speaker.createStatus(ref, sha, passed)).rejects.toMatchObject({ name: 'ForgeRefused', because: 'scope' });
    });

    it('is refused without the right to write code', async () => {
      const { newPull, writerFor, ref, world } = scene();
      const { sha } = await newPull('status-right');
      const speaker = await writerFor(world.bot, statusScopes);
      await expect(speaker.createStatus(ref, sha, passed)).rejects.toMatchObject({ name: 'ForgeRefused', because: 'right' });
    });

    it('fails for a commit that is not there', async () => {
      const { writerFor, ref, world } = scene();
      const speaker = await writerFor(world.member, statusScopes);
      await expect(speaker.createStatus(ref, unknownSha, passed)).rejects.toBeInstanceOf(ForgeAnswerUnusable);
    });
  });
}
