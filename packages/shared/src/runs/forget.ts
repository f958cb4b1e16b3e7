import type { Redis } from 'ioredis';
import { z } from 'zod';
import { pullSubject, Subject } from '../contract/ids.ts';
import { IntakeRecord } from '../contract/intake.ts';
import { keysOf } from './keys.ts';
import { forgetRun } from './scripts.ts';

/** Unix milliseconds: what was asked for, or recorded, before is forgotten. */
export interface TooOld {
  readonly runsBefore: number;
  readonly commentsBefore: number;
}

/** How many records are gone. */
export interface Forgotten {
  readonly runs: number;
  readonly comments: number;
  readonly sweeps: number;
}

/** All that is needed of a record to forget it, also of one that this version cannot read. */
const Whose = z.object({ subject: Subject, request: z.object({ repo: z.object({ id: z.int() }) }) });
const Whence = IntakeRecord.pick({ repo: true, pull: true });

/**
 * Drops records that are too old: of runs with their logs, of comments, of sweeps. What somebody still has to do something
 * about stays, however old. Safe to repeat and to interrupt.
 */
export async function forgetOld(redis: Redis, instance: string, { runsBefore, commentsBefore }: TooOld): Promise<Forgotten> {
  const keys = keysOf(instance);
  const olderThan = (index: string, before: number): Promise<string[]> => redis.zrange(index, '-inf', `(${before}`, 'BYSCORE');

  const run = async (id: string): Promise<boolean> => {
    const body = await redis.hget(keys.run(id), 'body');
    const { subject, repo } = body === null ? NOBODYS : whoseIs(body);
    const { runs, openRuns, changed } = keys;
    const ofRepo = keys.runsOfRepo(repo);
    const args = [keys.run(id), keys.log(id), runs, openRuns, keys.runsOf(subject), changed, ofRepo, id, subject] as const;
    return z.coerce.number().parse(await redis.eval(forgetRun, 7, ...args)) === 1;
  };

  const comment = async (id: string): Promise<boolean> => {
    const text = await redis.get(keys.intake(id));
    const record = text === null ? undefined : Whence.parse(JSON.parse(text));
    const subject = record?.pull ? pullSubject(record.repo.id, record.pull) : '';
    if ((await redis.zscore(keys.changed, subject)) !== null) return false;
    // The index goes last: where this is cut short, it is found again.
    await redis.zrem(keys.commentsOf(subject), id);
    await redis.multi().del(keys.intake(id)).zrem(keys.comments, id).exec();
    return true;
  };

  const sweep = async (id: string): Promise<boolean> => {
    await redis.multi().del(keys.sweep(id)).zrem(keys.sweeps, id).exec();
    return true;
  };

  // The last sweep is the one that may be under way.
  const [, ...earlier] = await redis.zrange(keys.sweeps, 0, '-1', 'REV');
  const oldSweeps = (await olderThan(keys.sweeps, runsBefore)).filter((id) => earlier.includes(id));
  return {
    runs: await each(await olderThan(keys.runs, runsBefore), run),
    comments: await each(await olderThan(keys.comments, commentsBefore), comment),
    sweeps: await each(oldSweeps, sweep),
  };
}

/** Of a record that nobody can read: no index names it but the one that it was found by. */
const NOBODYS = { subject: '', repo: 0 };

function whoseIs(body: string): { subject: string; repo: number } {
  try {
    const { subject, request } = Whose.parse(JSON.parse(body));
    return { subject, repo: request.repo.id };
  } catch {
    return NOBODYS;
  }
}

/** One after the other: nobody waits for this, and Redis serves everybody. @returns how many are gone */
async function each(ids: readonly string[], forget: (id: string) => Promise<boolean>): Promise<number> {
  let gone = 0;
  for (const id of ids) if (await forget(id)) gone += 1;
  return gone;
}
