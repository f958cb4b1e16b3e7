import type { IntakeJob, RunJob } from '@cc-ci/shared/contract/queues';
import { dueJob } from '@cc-ci/shared/runs/due-job';
import type { IntakeStore } from '@cc-ci/shared/runs/intake-store';
import type { RunStore } from '@cc-ci/shared/runs/store';

export interface HealParts {
  readonly intake: Pick<IntakeStore, 'pending'>;
  readonly runs: Pick<RunStore, 'open' | 'isLeased'>;
  readonly enqueueIntake: (job: IntakeJob) => Promise<void>;
  readonly enqueueRun: (job: RunJob) => Promise<void>;
}

/**
 * Enqueues what the records still owe: comments that were seen and have no outcome, runs that were accepted and wait. A job that
 * is there already stays as it is. A run that is held is left to its holder, who still cleans up and adds the next attempt's job.
 */
export async function heal({ intake, runs, enqueueIntake, enqueueRun }: HealParts): Promise<void> {
  for (const job of await intake.pending()) await enqueueIntake(job);
  for (const run of await runs.open())
    if (run.state === 'queued' && !(await runs.isLeased(run.id))) await enqueueRun(dueJob(run));
}
