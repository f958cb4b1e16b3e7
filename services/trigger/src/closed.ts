import type { IssueSeen } from '@cc-ci/forge/schema';
import { pullSubject } from '@cc-ci/shared/contract/ids';
import type { RunStore } from '@cc-ci/shared/runs/store';
import type { Log } from '@cc-ci/shared/service/log';

export interface ClosedParts {
  readonly runs: Pick<RunStore, 'ofSubject' | 'apply'>;
  readonly log: Log;
  /** Unix milliseconds. */
  now(): number;
}

/**
 * Stops what still runs or waits for a pull request that was closed: nobody will merge it. A merged one is let go on, since its commit
 * is what people will install. Safe to repeat.
 */
export async function stopRunsOf(pull: Pick<IssueSeen, 'repository' | 'number'>, { runs, log, now }: ClosedParts): Promise<void> {
  const open = (await runs.ofSubject(pullSubject(pull.repository.id, pull.number))).filter(({ state }) => state !== 'ended');
  for (const { id, wish } of open) {
    if (wish) continue;
    await runs.apply(id, { kind: 'wished', wish: { stop: 'cancelled', why: 'closed', by: null, at: now() } });
    log.info({ run: id, pull: pull.number }, 'The pull request was closed: its run is stopped.');
  }
}
