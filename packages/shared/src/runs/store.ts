import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { RunId, Subject } from '../contract/ids.ts';
import { RunRecord, type RunRequest } from '../contract/run.ts';
import type { Log } from '../service/log.ts';
import { keysOf } from './keys.ts';
import { identityOf, newRun, runIdOf } from './new-run.ts';
import { currentAttempt, isSettled, next, type Refusal, type RunEvent } from './next.ts';
import { createRun, releaseLease, renewLease, replaceRun, settleSubject } from './scripts.ts';

/** Where the records of runs are. Every write is a compare-and-set, every method is safe to repeat. */
export interface RunStore {
  /** Creates the run of a request; the same request finds the run that it created before. */
  create(request: RunRequest, now: number): Promise<{ run: RunRecord; created: boolean }>;
  /** Throws RecordUnreadable. */
  read(id: RunId): Promise<RunRecord | undefined>;
  /** Applies an event to the record as it is now. A refusal is an answer, not an error. */
  apply(id: RunId, event: RunEvent): Promise<RunRecord | Refusal>;
  /** Takes the next attempt of a queued run together with its lease of `leaseMs`, so that no two runners ever hold it. */
  claim(id: RunId, event: Extract<RunEvent, { kind: 'claimed' }>, leaseMs: number): Promise<RunRecord | Refusal>;
  /** @returns false when the lease is lost: the attempt must stop. */
  renew(lease: Lease, leaseMs: number): Promise<boolean>;
  release(lease: Lease): Promise<void>;
  /** Whether some attempt holds the run's lease at this moment. */
  isLeased(id: RunId): Promise<boolean>;
  /** Runs that are not ended, or whose clean-up is not proven. */
  open(): Promise<RunRecord[]>;
  /** Runs of one subject, oldest first. */
  ofSubject(subject: Subject): Promise<RunRecord[]>;
  /**
   * A page of runs, whoever asked for them, the newest first, which does not shift when others are added.
   * @param of a repository by its id; undefined: all
   * @param after the cursor that the page before gave; undefined: from the newest on
   */
  page(of: number | undefined, after: RunCursor | undefined, count: number): Promise<RunsPage>;
  /** The newest runs first. */
  recent(count: number): Promise<RunRecord[]>;
  /** Subjects with something unreported, longest waiting first, each with the count to settle it by. */
  changed(): Promise<{ subject: Subject; change: string }[]>;
  settle(changed: { subject: Subject; change: string }): Promise<void>;
  /** The mark of this Redis's data. Another mark than before: the data was lost meanwhile. */
  epoch(): Promise<string>;
}

/** Where a page of runs ended: `<creation in milliseconds>-<run id>`. */
export const RunCursor = z.string().regex(/^\d{1,16}-[0-9a-f]{6}$/, 'expected the cursor that the page before gave');
export type RunCursor = z.infer<typeof RunCursor>;

export interface RunsPage {
  readonly runs: readonly RunRecord[];
  /** Of the page after it; null: this is the last. */
  readonly next: RunCursor | null;
}

/** Who holds a run: one runner in one attempt. */
export interface Lease {
  readonly run: RunId;
  readonly attempt: number;
  readonly runner: string;
}

/** A record that this version cannot read. It is left as it is: whoever wrote it may come back. */
export class RecordUnreadable extends Error {
  override readonly name = 'RecordUnreadable';
  constructor(run: RunId, options: ErrorOptions) {
    super(`The record of run ${run} cannot be read. Another version of cc-ci may have written it: it is left as it is.`, options);
  }
}

const Count = z.coerce.number();

/**
 * @param announce is told the subject after each change, to wake the reporter; what it misses, `changed()` still says
 * @param log is told once of each record that is left out of a list, since it cannot be read; a list never fails for one
 */
export function openRunStore(
  redis: Redis,
  instance: string,
  announce: (subject: Subject) => Promise<void>,
  log?: Pick<Log, 'error'>,
): RunStore {
  const keys = keysOf(instance);
  const told = new Set<RunId>();

  const readWithRev = async (id: RunId): Promise<RunRecord | undefined> => {
    const [rev, body] = await redis.hmget(keys.run(id), 'rev', 'body');
    return rev == null || body == null ? undefined : { ...recordOf(id, body), rev: Number(rev) };
  };

  const leaveOut = (id: RunId, error: unknown): undefined => {
    if (!(error instanceof RecordUnreadable)) throw error;
    if (!told.has(id)) log?.error({ run: id, err: error }, 'A record is left out.');
    told.add(id);
  };

  const readAll = async (ids: readonly RunId[]): Promise<RunRecord[]> => {
    const found = ids.map((id) => readWithRev(id).catch((error: unknown) => leaveOut(id, error)));
    return (await Promise.all(found)).filter((run) => run !== undefined);
  };

  /** @returns the answer of the script `replaceRun`. */
  const replace = async (read: RunRecord, changed: RunRecord, lease?: { holder: string; ms: number }): Promise<number> => {
    const answer = await redis.eval(
      replaceRun,
      5,
      keys.run(read.id),
      keys.openRuns,
      keys.changed,
      keys.changes,
      keys.lease(read.id),
      String(read.rev),
      JSON.stringify(changed),
      read.id,
      read.subject,
      isSettled(changed) ? '1' : '0',
      lease?.holder ?? '',
      String(lease?.ms ?? 0),
    );
    return Count.parse(answer);
  };

  /** Reads, decides and writes once. @returns undefined when another writer came between */
  const tryChange = async (id: RunId, event: RunEvent, leaseMs?: number): Promise<RunRecord | Refusal | undefined> => {
    const read = await readWithRev(id);
    if (!read) return { refused: `there is no run ${id}` };
    const changed = next(read, event);
    if ('refused' in changed || changed === read) return changed;
    const lease = leaseMs === undefined ? undefined : { holder: holderOf(claimedLease(changed)), ms: leaseMs };
    const answer = await replace(read, changed, lease);
    if (answer === -1) return { refused: `${id} is still leased by the attempt before` };
    if (answer === 0) return undefined;
    await announce(read.subject);
    return { ...changed, rev: read.rev + 1 };
  };

  const change = async (id: RunId, event: RunEvent, leaseMs?: number): Promise<RunRecord | Refusal> => {
    for (;;) {
      const changed = await tryChange(id, event, leaseMs);
      if (changed) return changed;
    }
  };

  return {
    async create(request, now) {
      for (let clash = 0; ; clash += 1) {
        const id = runIdOf(instance, request, clash);
        const run = newRun(instance, id, request, now);
        const answer = await redis.eval(
          createRun,
          7,
          keys.run(id),
          keys.runs,
          keys.openRuns,
          keys.runsOf(run.subject),
          keys.changed,
          keys.changes,
          keys.runsOfRepo(run.request.repo.id),
          JSON.stringify(run),
          id,
          String(now),
          run.subject,
        );
        if (Count.parse(answer) === 1) {
          await announce(run.subject);
          return { run, created: true };
        }
        const found = await readWithRev(id);
        if (found && sameRequest(found.request, request)) return { run: found, created: false };
      }
    },
    read: readWithRev,
    apply: (id, event) => change(id, event),
    claim: (id, event, leaseMs) => change(id, event, leaseMs),
    async renew(lease, leaseMs) {
      return Count.parse(await redis.eval(renewLease, 1, keys.lease(lease.run), holderOf(lease), String(leaseMs))) === 1;
    },
    async release(lease) {
      await redis.eval(releaseLease, 1, keys.lease(lease.run), holderOf(lease));
    },
    async isLeased(id) {
      return (await redis.exists(keys.lease(id))) === 1;
    },
    open: async () => readAll(await redis.smembers(keys.openRuns)),
    ofSubject: async (subject) => readAll(await redis.zrange(keys.runsOf(subject), 0, '-1')),
    async page(of, after, count) {
      const index = of === undefined ? keys.runs : keys.runsOfRepo(of);
      const [at = '+inf', last = ''] = after?.split('-') ?? [];
      // Of those created in one millisecond, the greater ids come first.
      const sameMoment = after === undefined ? 0 : await redis.zcount(index, at, at);
      const flat = await redis.zrange(index, at, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, count + sameMoment + 1, 'WITHSCORES');
      const cursors = flat.flatMap((id, place) => (place % 2 === 0 ? [{ id, at: flat[place + 1] ?? '' }] : []));
      const wanted = cursors.filter((each) => after === undefined || each.at !== at || each.id < last);
      const shown = wanted.slice(0, count);
      const end = shown.at(-1);
      return {
        runs: await readAll(shown.map(({ id }) => id)),
        next: end !== undefined && wanted.length > count ? `${end.at}-${end.id}` : null,
      };
    },
    recent: async (count) => readAll(await redis.zrevrange(keys.runs, 0, count - 1)),
    async changed() {
      const flat = await redis.zrange(keys.changed, 0, '-1', 'WITHSCORES');
      return flat.flatMap((subject, index) => (index % 2 === 0 ? [{ subject, change: flat[index + 1] ?? '' }] : []));
    },
    async settle({ subject, change: count }) {
      await redis.eval(settleSubject, 1, keys.changed, subject, count);
    },
    async epoch() {
      await redis.set(keys.epoch, randomUUID(), 'NX');
      return (await redis.get(keys.epoch)) ?? '';
    },
  };
}

function recordOf(id: RunId, body: string): RunRecord {
  try {
    return RunRecord.parse(JSON.parse(body));
  } catch (cause) {
    throw new RecordUnreadable(id, { cause });
  }
}

function holderOf({ attempt, runner }: Omit<Lease, 'run'>): string {
  return `${attempt} ${runner}`;
}

function claimedLease(run: RunRecord): Omit<Lease, 'run'> {
  const attempt = currentAttempt(run);
  return { attempt: attempt?.number ?? 0, runner: attempt?.runner ?? '' };
}

function sameRequest(a: RunRequest, b: RunRequest): boolean {
  return identityOf(a.repo.id, a.origin) === identityOf(b.repo.id, b.origin);
}
