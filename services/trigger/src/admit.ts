import type { RunJob } from '@cc-ci/shared/contract/queues';
import { type RunRecord, RunRequest } from '@cc-ci/shared/contract/run';
import { dueJob } from '@cc-ci/shared/runs/due-job';
import type { RunStore } from '@cc-ci/shared/runs/store';
import { reached } from '@cc-ci/shared/service/reached';

export interface AdmitParts {
  readonly runs: Pick<RunStore, 'create'>;
  readonly enqueue: (job: RunJob) => Promise<void>;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/**
 * Lets a run in: its record first, then what `record` writes about where it came from, then its job. What a crash in between
 * leaves undone, healing does. Safe to repeat: the same request is the same run.
 */
export async function admit(
  { runs, enqueue, now }: AdmitParts,
  request: RunRequest,
  record: (run: RunRecord) => Promise<unknown>,
): Promise<{ run: RunRecord; created: boolean }> {
  const { run, created } = await runs.create(RunRequest.parse(request), now());
  reached('trigger.admitted');
  await record(run);
  reached('trigger.recorded');
  if (run.state === 'queued') await enqueue(dueJob(run));
  reached('trigger.run-enqueued');
  return { run, created };
}
