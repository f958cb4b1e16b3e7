import type { Observed, Release } from '@cc-ci/deploy/deployer';
import { NOTHING_TO_UPGRADE } from '@cc-ci/shared/contract/run';
import { NO_EARLIER } from '../schedule.ts';
import type { TierContext, TierResult } from './tier.ts';

/** The commit was deployed over its base, and yet it is not what runs. The app's fault. */
export class NotUpgraded extends Error {
  override readonly name = 'NotUpgraded';
  readonly service: string;
  /** What is wrong with it, following its name. */
  readonly what: string;
  constructor({ service, what }: { service: string; what: string }) {
    super(`\`${service}\` ${what}.`);
    this.service = service;
    this.what = what;
  }
}

/**
 * What an operator does with a new release: it is deployed over what runs, with the old settings and data, converges, answers,
 * and is really what runs then.
 */
export async function upgrade({ deployment, base, commit, standing, say }: TierContext): Promise<TierResult> {
  if (!base) return skipped(NO_EARLIER, commit);
  if (standing !== base.release) return skipped(`${base.name} cannot be installed by itself`, commit);
  const upgraded = await base.upgraded();
  const same = deployment.sameSpec(base.release, upgraded);
  say(
    same
      ? `The commit deploys the same as ${base.name}: there is nothing to upgrade.`
      : `Upgrading ${base.name} in place to the commit.`,
  );
  await deployment.putUp(upgraded);
  const shortfall = notUpgraded(await deployment.observe(), upgraded);
  if (shortfall) throw new NotUpgraded(shortfall);
  return { state: 'pass', reason: null, note: same ? NOTHING_TO_UPGRADE : `from ${base.name}`, standing: upgraded };
}

function skipped(reason: string, standing: Release): TierResult {
  return { state: 'skip', reason, note: null, standing };
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
