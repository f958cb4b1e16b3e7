import type { Redis } from 'ioredis';
import { z } from 'zod';
import { pullSubject, type Subject } from '../contract/ids.ts';
import { IntakeRecord } from '../contract/intake.ts';
import { IntakeJob, queues } from '../contract/queues.ts';
import { keysOf } from './keys.ts';
import { recordIntake, sawIntake } from './scripts.ts';

/** Which comments were seen, and how each ended. */
export interface IntakeStore {
  /** Writes down that a comment was seen, before anything else is done about it. @returns false when it has its outcome already */
  saw(job: IntakeJob): Promise<boolean>;
  /** Comments that were seen and have no outcome yet: what a crash or a lost job left undone. */
  pending(): Promise<IntakeJob[]>;
  /** Records how a comment ended, once. @returns false when that was recorded before */
  record(outcome: IntakeRecord): Promise<boolean>;
  read(job: IntakeJob): Promise<IntakeRecord | undefined>;
  /** The comments that ended last, newest first. */
  recent(count: number): Promise<IntakeRecord[]>;
  /** Of one subject, oldest first. */
  ofSubject(subject: Subject): Promise<IntakeRecord[]>;
}

/** @param announce is told the subject after each outcome, to wake the reporter */
export function openIntakeStore(redis: Redis, instance: string, announce: (subject: Subject) => Promise<void>): IntakeStore {
  const keys = keysOf(instance);
  const idOf = queues.intake.idOf;
  const parse = (text: string | null): IntakeRecord | undefined =>
    text === null ? undefined : IntakeRecord.parse(JSON.parse(text));

  const readAll = async (ids: readonly string[]): Promise<IntakeRecord[]> => {
    if (ids.length === 0) return [];
    return (await redis.mget(ids.map((id) => keys.intake(id)))).map(parse).filter((record) => record !== undefined);
  };

  return {
    async saw(job) {
      const id = idOf(job);
      const answer = await redis.eval(sawIntake, 2, keys.intake(id), keys.pendingIntake, JSON.stringify(job), id);
      return z.coerce.number().parse(answer) === 1;
    },
    async pending() {
      return Object.values(await redis.hgetall(keys.pendingIntake)).map((text) => IntakeJob.parse(JSON.parse(text)));
    },
    async record(outcome) {
      const id = idOf(outcome);
      const subject = outcome.pull === null ? '' : pullSubject(outcome.repo.id, outcome.pull);
      const answer = await redis.eval(
        recordIntake,
        6,
        keys.intake(id),
        keys.pendingIntake,
        keys.commentsOf(subject),
        keys.changed,
        keys.changes,
        keys.comments,
        JSON.stringify(outcome),
        id,
        String(outcome.seenAt),
        subject,
      );
      if (subject !== '') await announce(subject);
      return z.coerce.number().parse(answer) === 1;
    },
    read: async (job) => parse(await redis.get(keys.intake(idOf(job)))),
    recent: async (count) => readAll(await redis.zrange(keys.comments, 0, String(count - 1), 'REV')),
    ofSubject: async (subject) => readAll(await redis.zrange(keys.commentsOf(subject), 0, '-1')),
  };
}
