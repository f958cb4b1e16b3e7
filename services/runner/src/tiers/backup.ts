import type { TierContext, TierResult } from './tier.ts';

/** What an operator's nightly backup does: the hooks run, and everything that the labels name is there to be saved. */
export async function backup({ deployment, plan, standing, say }: TierContext): Promise<TierResult> {
  if (!plan || !standing) throw new Error('A backup was not planned, or nothing is up.');
  const canaries = await deployment.leaveCanaries();
  const saved = await deployment.backUp(plan);
  const what = saved.files === 1 ? '1 file' : `${saved.files} files`;
  say(`Saved ${what} with ${saved.bytes} bytes.`);
  return { state: 'pass', reason: null, note: `${what} saved`, standing, kept: { backup: saved, canaries } };
}
