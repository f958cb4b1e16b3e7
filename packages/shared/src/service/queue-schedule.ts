import { isDeepStrictEqual } from 'node:util';
import type { JobSchedulerJson, Queue } from 'bullmq';

/** When a scheduled job is due: at a fixed pause, or by a cron pattern in an IANA time zone. */
export type Schedule = { readonly everyMs: number } | { readonly pattern: string; readonly tz: string };

/**
 * Makes the queue's scheduler of this id add `data` when it is due. A scheduler that is as wanted already is not touched:
 * writing it again would throw away a run that came due while everything was down. For the same reason a worker has to be
 * ready before this is called.
 */
export async function ensureSchedule(queue: Queue, id: string, schedule: Schedule, data: unknown): Promise<void> {
  const existing = await queue.getJobScheduler(id);
  if (existing && isAsWanted(existing, schedule, data)) return;
  const repeat = 'everyMs' in schedule ? { every: schedule.everyMs } : { pattern: schedule.pattern, tz: schedule.tz };
  await queue.upsertJobScheduler(id, repeat, { name: queue.name, data });
}

function isAsWanted(existing: JobSchedulerJson, schedule: Schedule, data: unknown): boolean {
  const { every, pattern, tz, template } = existing;
  const now = every === undefined ? { pattern, tz } : { everyMs: every };
  return isDeepStrictEqual(now, { ...schedule }) && isDeepStrictEqual(template?.data, data);
}
