import { z } from 'zod';
import { Millis, RepoRef, RunId, Subject } from './ids.ts';

/** Comment C of repository R was seen. The trigger reads it again before it believes anything. */
export const IntakeJob = z.object({
  v: z.literal(1),
  repo: RepoRef,
  commentId: z.int().positive(),
  updatedAt: Millis,
});
export type IntakeJob = z.infer<typeof IntakeJob>;

/** Attempt A of run X is due. */
export const RunJob = z.object({ v: z.literal(1), run: RunId, attempt: z.int().positive() });
export type RunJob = z.infer<typeof RunJob>;

/** Something about this subject changed: look at the records. */
export const ReportJob = z.object({ v: z.literal(1), subject: Subject });
export type ReportJob = z.infer<typeof ReportJob>;

/** A duty of infra is due. */
export const InfraJob = z.object({ v: z.literal(1), duty: z.enum(['sweep', 'sweep-next', 'forget', 'hooks']) });
export type InfraJob = z.infer<typeof InfraJob>;

/** The trigger asks the forge what moved. Made by a job scheduler, so any number of triggers is one poller. */
export const PollJob = z.object({ v: z.literal(1), duty: z.literal('poll') });
export type PollJob = z.infer<typeof PollJob>;

/**
 * One row per queue: what a job says, and the id under which a second one like it is the same job.
 * An id is only the first sieve (it is free again once the job is removed): *at most once* belongs to the record.
 * `coalesce`: while one job of that id is active, only the last of those added meanwhile is kept and run after it.
 */
export const queues = {
  poll: { name: 'poll', schema: PollJob, idOf: () => 'poll' },
  intake: {
    name: 'intake',
    schema: IntakeJob,
    idOf: (job: IntakeJob) => `comment-${job.repo.id}-${job.commentId}-${job.updatedAt}`,
  },
  runs: { name: 'runs', schema: RunJob, idOf: (job: RunJob) => `run-${job.run}-${job.attempt}` },
  reports: { name: 'reports', schema: ReportJob, coalesce: true, idOf: (job: ReportJob) => job.subject },
  infra: { name: 'infra', schema: InfraJob, idOf: (job: InfraJob) => `infra-${job.duty}` },
} as const;

export type QueueName = keyof typeof queues;
export type JobOf<Name extends QueueName> = z.infer<(typeof queues)[Name]['schema']>;
