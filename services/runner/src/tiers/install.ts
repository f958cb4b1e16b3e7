import { isOfTheApp } from '../fault.ts';
import type { TierContext, TierResult } from './tier.ts';

/**
 * What a new operator does: the release is deployed, converges and answers its users. With a base, that is the one that is
 * installed, so that the upgrade has something to start from. A base that cannot be installed by itself is no reason to blame
 * the commit: it is installed fresh instead.
 */
export async function install({ deployment, base, commit, say }: TierContext): Promise<TierResult> {
  if (base) {
    try {
      say(`Installing ${base.name}, which the upgrade will start from.`);
      return passed(await deployment.putUp(base.release), base.release);
    } catch (error) {
      if (!isOfTheApp(error)) throw error;
      say(`${base.name} cannot be installed by itself: ${error.message} The commit is installed fresh instead.`);
      await deployment.takeDown();
    }
  }
  say('Installing the commit.');
  return passed(await deployment.putUp(commit), commit);
}

function passed({ served }: { served: boolean }, standing: TierContext['commit']): TierResult {
  const note = served ? null : 'nothing of it is published through the proxy, so only its containers were looked at';
  return { state: 'pass', reason: null, note, standing };
}
