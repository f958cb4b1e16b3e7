import { isOfTheApp } from '../fault.ts';
import { withoutFullStop } from '../words.ts';
import type { RunTier, TierContext, TierResult } from './tier.ts';

/** A step after whose failure the app is as good for the next ones as before, if it is still up. Otherwise the failure ends the run. */
export function goingOn(make: RunTier): RunTier {
  return async (context): Promise<TierResult> => {
    try {
      return await make(context);
    } catch (error) {
      if (!isOfTheApp(error) || !(await isUp(context))) throw error;
      const { standing, say } = context;
      say(`${error.message} The app is up all the same, so the other steps are made.`);
      return { state: 'fail', reason: withoutFullStop(error.message), note: null, standing, failure: error };
    }
  };
}

/** A first look at the tasks saves the wait for an app that is gone; then it has to answer its people. */
async function isUp({ deployment, standing }: TierContext): Promise<boolean> {
  if (!standing) return false;
  const { services } = await deployment.observe();
  const wanted = Object.keys(standing.release.document.services);
  const runs = (name: string): boolean => services.some((seen) => seen.name === name && seen.running >= seen.desired);
  if (!wanted.every(runs)) return false;
  return await deployment.stays(standing, { holdMs: 0 }).then(
    () => true,
    (error: unknown) => {
      if (isOfTheApp(error)) return false;
      throw error;
    },
  );
}
