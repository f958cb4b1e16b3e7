import type { MountedVolume } from '@cc-ci/deploy/deployer';
import { describe, expect, it } from 'vitest';
import { canaryOf } from '../src/canary.ts';
import { openVolumes } from '../src/volumes.ts';
import { app } from './example-app.ts';

const data = { volume: 'data', service: 'app', path: '/data' };
const readOnly = { volume: 'data', service: 'a-reader', path: '/read' };
const cache = { volume: 'cache', service: 'app', path: '/cache' };

/** The volumes of an app that has these, in a host that remembers what was written where. */
function volumes(mounted: readonly MountedVolume[], allowed: readonly string[] = []) {
  const written = new Map<string, string>();
  const deployer = {
    volumes: async () => [...mounted],
    async leaveCanary(_: unknown, place: MountedVolume, text: string) {
      if (place !== readOnly) written.set(place.volume, text);
      return place !== readOnly;
    },
    readCanary: async (_: unknown, { volume }: MountedVolume) => written.get(volume),
  };
  return openVolumes({ app, deployer, allowed, signal: AbortSignal.timeout(60_000) });
}

describe('canaries', () => {
  it('are left once in each volume, by whoever may write, and found wherever it is mounted', async () => {
    const opened = volumes([readOnly, data, cache]);
    const canaries = await opened.leaveCanaries();
    expect(canaries).toMatchObject({ places: [readOnly, data, cache], volumes: 2 });
    expect(await opened.lookForCanaries()).toEqual(
      [readOnly, data, cache].map((place) => ({ ...place, canary: canaryOf(canaries, place.volume) })),
    );
  });

  it('differ each time', async () => {
    const opened = volumes([data]);
    expect((await opened.leaveCanaries()).mark).not.toBe((await opened.leaveCanaries()).mark);
  });

  it.each([
    [['data:cache'], ['data']],
    [['data'], []],
    [['port'], ['data', 'cache']],
  ])('with %j allowed are left in %j', async (allowed, left) => {
    const { places, volumes: counted } = await volumes([data, cache], allowed).leaveCanaries();
    expect(places.map(({ volume }) => volume)).toEqual(left);
    expect(counted).toBe(left.length);
  });

  it('are not claimed where nobody may write', async () => {
    expect(await volumes([readOnly]).leaveCanaries()).toMatchObject({ places: [], volumes: 1 });
  });
});
