import type { Standing } from '../deployment.ts';
import { isOfTheApp } from '../fault.ts';
import { BrokenBefore } from './failures.ts';
import { SHORT_HOLD_MS, type TierContext, type TierResult } from './tier.ts';

/**
 * What a new operator does: the release is deployed, converges and answers its users. With a base, that is the one that is
 * installed, so that the upgrade has something to start from. A base that cannot be installed by itself is no reason to blame
 * the commit: it is installed fresh instead.
 */
export async function install(context: TierContext): Promise<TierResult> {
  const { deployment, base, holdMs, say } = context;
  if (base) {
    try {
      say(`Installing ${base.name}, which the upgrade will start from.`);
      return passed(await deployment.putUp(base.release, { holdMs: Math.min(SHORT_HOLD_MS, holdMs) }));
    } catch (error) {
      if (!isOfTheApp(error)) throw error;
      say(`${base.name} cannot be installed by itself: ${error.message} The commit is installed fresh instead.`);
      await deployment.takeDown();
      return await installCommit(context).catch((failure: unknown) => {
        throw isOfTheApp(failure) ? new BrokenBefore(base.name, failure) : failure;
      });
    }
  }
  return await installCommit(context);
}

async function installCommit({ deployment, commit, holdMs, say }: TierContext): Promise<TierResult> {
  say('Installing the commit.');
  return passed(await deployment.putUp(commit, { holdMs }));
}

function passed(standing: Standing): TierResult {
  const note = standing.served ? null : 'nothing of it is published through the proxy, so only its containers were looked at';
  return { state: 'pass', reason: null, note, standing };
}
