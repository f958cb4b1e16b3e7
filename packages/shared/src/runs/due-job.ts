import type { RunJob } from '../contract/queues.ts';
import type { RunRecord } from '../contract/run.ts';

/** The job of a queued run: its next attempt. */
export function dueJob({ id, attempts }: Pick<RunRecord, 'id' | 'attempts'>): RunJob {
  return { v: 1, run: id, attempt: attempts.length + 1 };
}
