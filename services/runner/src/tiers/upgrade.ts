import type { Observed, Release } from '@cc-ci/deploy/deployer';
import { NOTHING_TO_UPGRADE } from '@cc-ci/shared/contract/run';
import { type Canaries, dataLost, watched } from '../canary.ts';
import type { Standing } from '../deployment.ts';
import { NO_EARLIER } from '../schedule.ts';
import { code } from '../words.ts';
import { type DataPlaces, dataPlaces } from './data-places.ts';
import { AddressLost, DataLost, NotUpgraded } from './failures.ts';
import type { TierContext, TierResult } from './tier.ts';

/**
 * What an operator does with a new release: it is deployed over what runs, with the old settings and data, converges, answers
 * where it did before, is really what runs then, and finds what was kept before.
 */
export async function upgrade({ deployment, base, commit, standing, holdMs, say }: TierContext): Promise<TierResult> {
  if (!standing || !base) return skipped(NO_EARLIER, standing ?? { release: commit, served: undefined });
  if (standing.release !== base.release) return skipped(`${base.name} cannot be installed by itself`, standing);
  const upgraded = await base.upgraded();
  const same = deployment.sameSpec(base.release, upgraded);
  say(
    same
      ? `The commit deploys the same as ${base.name}: there is nothing to upgrade.`
      : `Upgrading ${base.name} in place to the commit.`,
  );
  const canaries = await deployment.leaveCanaries();
  const databases = await deployment.leaveInDatabases(Object.keys(base.release.document.services));
  const at = standing.served?.address;
  const after = await deployment.putUp(upgraded, { holdMs, ...(at !== undefined && { at }) });
  const shortfall = notUpgraded(await deployment.observe(), upgraded);
  if (shortfall) throw new NotUpgraded(shortfall);
  const lost = addressLost(standing, after);
  if (lost !== undefined) throw new AddressLost(lost);
  const loss = dataLost(canaries, await deployment.lookForCanaries(), Object.keys(upgraded.document.services));
  if (loss) throw new DataLost(loss.volume, loss.sentence);
  const lasting = databases.services.filter((service) => upgraded.document.services[service] !== undefined);
  const [emptied] = await deployment.goneFromDatabases({ ...databases, services: lasting });
  if (emptied !== undefined)
    throw new DataLost(emptied, `What was in the database of ${code(emptied)} before the upgrade is not there after it.`);
  const note = same ? NOTHING_TO_UPGRADE : noteOf(base.name, { before: standing, after, canaries, databases: lasting.length });
  return { state: 'pass', reason: null, note, standing: after };
}

function skipped(reason: string, standing: Standing): TierResult {
  return { state: 'skip', reason, note: null, standing };
}

const FORBIDDEN = 403;
const WHO_ARE_YOU = 401;

/** Why the app's people do not reach it any more, as a sentence; undefined when they do. */
export function addressLost({ served: before }: Pick<Standing, 'served'>, { served: after }: Pick<Standing, 'served'>) {
  if (!before) return undefined;
  const url = code(`https://${before.address}${before.path}`);
  if (!after) return `${url} answered before the upgrade, and nothing of the app is published through the proxy after it.`;
  if (after.address !== before.address)
    return `${url} answered before the upgrade, and the app is published at ${code(`https://${after.address}${after.path}`)} instead after it.`;
  if (before.status !== FORBIDDEN && after.status === FORBIDDEN)
    return `${url} let people in before the upgrade (HTTP ${before.status}), and forbids it after (HTTP ${FORBIDDEN}).`;
  return undefined;
}

/** What is worth a word beside a step that passed. An app that asks for a password now may be meant to. */
function noteOf(
  base: string,
  { before, after, canaries, databases }: { before: Standing; after: Standing; canaries: Canaries; databases: number },
): string {
  const asks = after.served?.status === WHO_ARE_YOU && before.served?.status !== WHO_ARE_YOU;
  return [
    `from ${base}`,
    ...kept({ watched: watched(canaries).length, volumes: canaries.volumes, databases }),
    ...(asks ? ['it asks for a password now, and did not before'] : []),
  ].join('; ');
}

function kept(places: DataPlaces): string[] {
  const sentence = dataPlaces(places);
  if (sentence !== undefined) return [`data still there in ${sentence}`];
  const { volumes } = places;
  return volumes === 0 ? [] : [`its ${volumes === 1 ? 'volume' : `${volumes} volumes`} held nothing yet`];
}

/** The first service of the release that does not run it, or undefined. Services that the release no longer has do not count. */
export function notUpgraded(
  { services }: Observed,
  { commit, document }: Pick<Release, 'commit' | 'document'>,
): { service: string; what: string } | undefined {
  for (const service of Object.keys(document.services)) {
    const found = services.find(({ name }) => name === service);
    if (!found) return { service, what: 'is not there after the upgrade' };
    if (found.update?.startsWith('rollback')) return { service, what: 'was taken back to the version before by Swarm' };
    if (found.update === 'paused') return { service, what: 'was left half way by Swarm, which paused its update' };
    if (found.commit !== commit) return { service, what: 'still carries the stamp of the version before' };
    if (found.current < found.running) return { service, what: 'still has tasks of the version before' };
  }
  return undefined;
}
