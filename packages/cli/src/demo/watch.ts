import { setTimeout as pause } from 'node:timers/promises';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { isSettled } from '@cc-ci/shared/runs/next';
import type { RunStore } from '@cc-ci/shared/runs/store';

/** Pause between two looks at the records, for eyes. */
const LOOK_MS = 200;

/** Tells `see` of every change of the runs until `count` of them have ended and are proven clean. @returns them */
export async function watchRuns(
  store: RunStore,
  count: number,
  see: (run: RunRecord) => void,
  signal: AbortSignal,
): Promise<RunRecord[]> {
  const seen = new Map<string, number>();
  for (;;) {
    const runs = await store.recent(count);
    for (const run of runs) {
      if (seen.get(run.id) !== run.rev) see(run);
      seen.set(run.id, run.rev);
    }
    if (runs.length === count && runs.every(isSettled)) return runs;
    await pause(LOOK_MS, undefined, { signal });
  }
}
