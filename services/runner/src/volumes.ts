import { randomUUID } from 'node:crypto';
import type { App, Deployer, MountedVolume } from '@cc-ci/deploy/deployer';
import { type Canaries, canaryOf, type Sight } from './canary.ts';

/** What an app keeps, and whether it is still there. */
export interface Volumes {
  /** Leaves a canary in every volume that keeps something, but for those whose data may be lost. */
  leaveCanaries(): Promise<Canaries>;
  /** Every volume as it is mounted now, with the canary that is found there. */
  lookForCanaries(): Promise<Sight[]>;
}

export interface VolumesOptions {
  readonly app: App;
  readonly deployer: Pick<Deployer, 'volumes' | 'leaveCanary' | 'readCanary'>;
  /** What operators allow this recipe, `data` or `data:cache` among it. */
  readonly allowed: readonly string[];
  readonly signal: AbortSignal;
}

/** Opens the volumes of one app. */
export function openVolumes({ app, deployer, allowed, signal }: VolumesOptions): Volumes {
  const mayBeLost = (volume: string): boolean => allowed.includes('data') || allowed.includes(`data:${volume}`);

  /** A service that may only read leaves it to the next one. */
  const leaveOne = async (places: readonly MountedVolume[], text: string): Promise<boolean> => {
    for (const place of places) if (await deployer.leaveCanary(app, place, text, signal)) return true;
    return false;
  };

  return {
    async leaveCanaries() {
      const mounted = (await deployer.volumes(app)).filter(({ volume }) => !mayBeLost(volume));
      const byVolume = Object.entries(Object.groupBy(mounted, ({ volume }) => volume));
      const mark = `${app.stack} ${randomUUID()}`;
      const places: MountedVolume[] = [];
      for (const [volume, of = []] of byVolume) if (await leaveOne(of, canaryOf({ mark }, volume))) places.push(...of);
      return { mark, places, volumes: byVolume.length };
    },
    async lookForCanaries() {
      const mounted = await deployer.volumes(app);
      const sights = mounted.map(async (place) => ({ ...place, canary: await deployer.readCanary(app, place, signal) }));
      return await Promise.all(sights);
    },
  };
}
