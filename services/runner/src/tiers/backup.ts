import { counted } from '@cc-ci/shared/service/counted';
import type { Backup } from '../backups.ts';
import { TestsFailed } from './failures.ts';
import type { TierContext, TierResult } from './tier.ts';

/** What an operator's nightly backup does: the hooks run, and everything that the labels name is there to be saved. */
export async function backup({ deployment, plan, standing, verifyBackup, say }: TierContext): Promise<TierResult> {
  if (!plan || !standing) throw new Error('A backup was not planned, or nothing is up.');
  const canaries = await deployment.leaveCanaries();
  const databases = await deployment.leaveInDatabases(Object.keys(standing.release.document.services));
  const saved = await wholeBackup(() => deployment.backUp(plan), verifyBackup, say);
  const what = counted(saved.files, 'files');
  say(`Saved ${what} with ${saved.bytes} bytes.`);
  return { state: 'pass', reason: null, note: `${what} saved`, standing, kept: { backup: saved, canaries, databases } };
}

/** An app may still have been writing what was to be saved. */
const TRIES = 3;

/** A backup that cc-ci's own check of this recipe finds whole; anew where it does not, since a dump takes its time. Throws TestsFailed. */
async function wholeBackup(
  backUp: () => Promise<Backup>,
  verify: TierContext['verifyBackup'],
  say: TierContext['say'],
): Promise<Backup> {
  for (let attempt = 1; ; attempt++) {
    const saved = await backUp();
    const red = (await verify()).filter(({ state }) => state === 'fail');
    if (red.length === 0) return saved;
    if (attempt === TRIES) throw new TestsFailed(red, red.length);
    say(`cc-ci’s own check finds the backup wanting (${red.map(({ said }) => said).join('; ')}): it is made again.`);
  }
}
