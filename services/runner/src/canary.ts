import type { MountedVolume } from '@cc-ci/deploy/deployer';
import { code } from './words.ts';

/** What was left in the volumes of an app before it is upgraded, to be looked for after. */
export interface Canaries {
  /** Differs each time, so that nothing older is taken for it. */
  readonly mark: string;
  /** Volumes that have one, each wherever a service mounts it. */
  readonly places: readonly MountedVolume[];
  /** How many named volumes the app has, without those whose data may be lost. */
  readonly volumes: number;
}

/** A place after the upgrade, with the text of the canary that is found there. */
export type Sight = MountedVolume & { readonly canary: string | undefined };

/** What is kept in a volume and not found by the app any more, and a sentence that says where it was. */
export interface Loss {
  readonly volume: string;
  readonly sentence: string;
}

/** The text of one volume's canary: another one than that of its neighbours. */
export function canaryOf({ mark }: Pick<Canaries, 'mark'>, volume: string): string {
  return `${mark} ${volume}`;
}

/** Names of the volumes that have a canary. */
export function watched({ places }: Pick<Canaries, 'places'>): string[] {
  return [...new Set(places.map(({ volume }) => volume))];
}

/**
 * The first volume whose data an app does not find where it kept it; undefined when all of it is there. A service that is no more
 * need not have its volume, but somebody has to.
 * @param sights every mounted volume after the upgrade @param services those that there are after it
 */
export function dataLost(canaries: Canaries, sights: readonly Sight[], services: readonly string[]): Loss | undefined {
  for (const volume of watched(canaries)) {
    const isThere = ({ canary }: Sight): boolean => canary === canaryOf(canaries, volume);
    const before = canaries.places.filter((place) => place.volume === volume);
    const lasting = before.filter(({ service }) => services.includes(service));
    const missed = lasting.find((place) => !sights.some((sight) => isAt(place, sight) && isThere(sight)));
    const [first] = before;
    if (missed) return { volume, sentence: whyMissed(missed, sights) };
    if (lasting.length === 0 && first && !sights.some(isThere)) return { volume, sentence: abandoned(first) };
  }
  return undefined;
}

function isAt(place: MountedVolume, sight: Sight): boolean {
  return sight.service === place.service && sight.path === place.path;
}

function whyMissed(place: MountedVolume, sights: readonly Sight[]): string {
  const { volume, service, path } = place;
  const [who, what, where] = [code(service), code(volume), code(path)];
  const there = sights.find((sight) => isAt(place, sight));
  if (there?.volume === volume) return `What ${who} kept in the volume ${what}, at ${where}, is gone after the upgrade.`;
  if (there)
    return `${who} has the volume ${code(there.volume)} at ${where} after the upgrade, and had ${what} there: what it kept is not there any more.`;
  const moved = sights.find((sight) => sight.service === service && sight.volume === volume);
  if (moved)
    return `${who} has the volume ${what} at ${code(moved.path)} after the upgrade, and had it at ${where}: what it kept is not where it was.`;
  return `${who} does not have the volume ${what} any more, which was at ${where} before the upgrade: what it kept is left behind.`;
}

function abandoned({ volume, service, path }: MountedVolume): string {
  return `No service has the volume ${code(volume)} after the upgrade, which was at ${code(path)} in ${code(service)}: what was kept there is left behind.`;
}
