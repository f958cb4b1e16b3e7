import { type BackupPlan, isWhole } from '@cc-ci/recipes/backup';
import { canaryOf, type Sight, watched } from '../canary.ts';
import { code } from '../words.ts';
import { dataPlaces } from './data-places.ts';
import { BackupUnfit } from './failures.ts';
import { type Kept, SHORT_HOLD_MS, type TierContext, type TierResult } from './tier.ts';

/**
 * What an operator does on the day after: the app is gone with all its data, installed anew under the same names and with the
 * same secrets, and given back what was saved. Then it has to run, answer, and have what it had.
 */
export async function restore({ deployment, commit, plan, kept, standing, holdMs, say }: TierContext): Promise<TierResult> {
  if (!plan || !standing) throw new Error('A restore was not planned, or nothing is up.');
  if (!kept) return { state: 'unver', reason: 'there is no backup to give back', note: null, standing };
  const hold = { holdMs: Math.min(SHORT_HOLD_MS, holdMs) };
  say('Removing the app with its data, and installing the commit anew.');
  await deployment.takeDown({ keep: ['secrets'] });
  const at = standing.served?.address;
  const fresh = await deployment.putUp(commit, { ...hold, ...(at !== undefined && { at }) });
  await deployment.putBack(plan, kept.backup);
  await deployment.stays(fresh, { holdMs: 0 });
  await deployment.afterPutBack(plan);
  const after = await deployment.stays(fresh, hold);
  const whole = watched(kept.canaries).filter((volume) => isWhole(plan, volume));
  const missing = notGivenBack(kept, whole, await deployment.lookForCanaries());
  if (missing !== undefined)
    throw new BackupUnfit(`What was kept in the volume ${code(missing)} before the backup is not there after it was given back.`);
  // Whatever its labels leave out: a database is no cache, and who has to install anew has lost what was in it.
  const [emptied] = await deployment.goneFromDatabases(kept.databases);
  if (emptied !== undefined)
    throw new BackupUnfit(
      `What was in the database of ${code(emptied)} before the backup is not there after it was given back: it is not in what was saved, or no hook brings it in.`,
    );
  return { state: 'pass', reason: null, note: noteOf(kept, whole, plan), standing: after };
}

/** The first of these volumes of which the canary did not come back; undefined when all did. */
export function notGivenBack({ canaries }: Pick<Kept, 'canaries'>, volumes: readonly string[], sights: readonly Sight[]) {
  return volumes.find((volume) => !sights.some(({ canary }) => canary === canaryOf(canaries, volume)));
}

/** A volume of which parts were saved has no canary to come back: what a hook makes of a dump is for the recipe's own tests to look at. */
function noteOf({ canaries: { volumes }, databases }: Kept, whole: readonly string[], { paths }: BackupPlan): string {
  const inParts = Object.keys(paths).map(code);
  const places = dataPlaces({ watched: whole.length, volumes, databases: databases.services.length });
  const notes = [
    ...(places === undefined ? [] : [`data back in ${places}`]),
    ...(inParts.length === 0 ? [] : [`what was saved of ${inParts.join(', ')} given back`]),
  ];
  return notes.join('; ') || 'its volumes held nothing yet';
}
