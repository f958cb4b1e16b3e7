import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { App, Deployer } from '@cc-ci/deploy/deployer';
import type { CleanUp } from '@cc-ci/shared/contract/run';
import type { Ledger } from '@cc-ci/shared/runs/ledger';
import type { RunStore } from '@cc-ci/shared/runs/store';
import { describe } from '@cc-ci/shared/service/errors';
import type { Log } from '@cc-ci/shared/service/log';
import { reached } from '@cc-ci/shared/service/reached';
import { withoutNeighbours } from './words.ts';

/** What an attempt leaves on its host: a stack, everything that carries its labels, and a folder of its name. */
export type Root = Pick<App, 'stack' | 'owner'>;

export interface Broom {
  readonly deployer: Pick<Deployer, 'remove'>;
  readonly store: Pick<RunStore, 'apply'>;
  readonly ledger: Pick<Ledger, 'strike'>;
  /** Where the checkouts are, a folder for each stack. */
  readonly checkouts: string;
  readonly limitMs: number;
  readonly log: Log;
  /** Unix milliseconds. */
  now(): number;
}

/**
 * Removes everything of one attempt, proves it, and says so in the run's record; the verdict is not touched. Safe to repeat.
 * The ledger forgets the attempt only when nothing is left. It has time of its own, whatever ended the run.
 */
export async function cleanUp(root: Root, broom: Broom): Promise<CleanUp> {
  const { deployer, store, ledger, checkouts, log, now } = broom;
  const begun = now();
  const outcome = await removeAll(root, broom);
  reached('runner.removed');
  await rm(join(checkouts, root.stack), { recursive: true, force: true });
  const cleanup: CleanUp = { ...outcome, host: root.owner.host, at: now(), milliseconds: now() - begun };
  const { run, attempt } = root.owner;
  // A refusal is fine: the record is gone, or had its proof before.
  await store.apply(run, { kind: 'cleaned', attempt, cleanup });
  reached('runner.proven');
  if (cleanup.state === 'proven') await ledger.strike(root.stack);
  else log.warn({ run, attempt, stack: root.stack, left: outcome.left }, 'Not everything could be removed; it is tried again.');
  return cleanup;

  async function removeAll({ stack, owner }: Root, { limitMs }: Broom) {
    try {
      const { removed, left } = await deployer.remove({ stack, owner }, AbortSignal.timeout(limitMs));
      const state = left.length === 0 ? ('proven' as const) : ('remaining' as const);
      return { state, removed, left: left.map(({ kind, name, why }) => `${kind} ${name}: ${why}`) };
    } catch (error) {
      log.error({ run: owner.run, err: error }, 'The engine could not be asked to remove a run.');
      return { state: 'remaining' as const, removed: {}, left: [withoutNeighbours(describe(error), stack)] };
    }
  }
}
