import type { Subject } from '@cc-ci/shared/contract/ids';
import type { RunRecord, Wish } from '@cc-ci/shared/contract/run';
import { sameLogin } from './membership.ts';

/** A request of somebody that ends others: a word to stop, or a newer request. */
export interface Ending {
  /** When it was written, in Unix milliseconds: what was asked for later is not meant. */
  readonly at: number;
  /** Of its comment. Forges tell times in seconds; of two comments in one, the greater id is the later. */
  readonly commentId: number;
  readonly by: string;
}

function isAskedBefore({ request: { origin }, createdAt }: RunRecord, { at, commentId }: Ending): boolean {
  if (origin.kind !== 'comment') return createdAt <= at;
  return origin.at < at || (origin.at === at && origin.commentId < commentId);
}

/**
 * The runs of a pull request that are meant, those included that the very same word has stopped before: whoever reads it once more,
 * after a crash, finds the same.
 */
export function runsToStop(runs: readonly RunRecord[], ending: Ending): RunRecord[] {
  const { at, by } = ending;
  return runs.filter((run) => {
    if (!isAskedBefore(run, ending)) return false;
    const stoppedByIt = run.wish !== null && run.wish.by === by && run.wish.at >= at;
    return stoppedByIt || (run.state !== 'ended' && run.wish === null);
  });
}

/** What somebody has waiting or going on for other pull requests than this one, where a request takes the place of the one before. */
export function runsElsewhere(open: readonly RunRecord[], login: string, here: Subject): RunRecord[] {
  return open.filter(
    ({ state, wish, subject, request }) =>
      state !== 'ended' && wish === null && subject !== here && request.by !== null && sameLogin(request.by, login),
  );
}

/** What is written into each of them. @param now Unix milliseconds */
export function wishOf(stop: Wish['stop'], { by }: Ending, now: number): Wish {
  return { stop, why: 'asked', by, at: now };
}
