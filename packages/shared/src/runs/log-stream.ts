import type { Redis } from 'ioredis';
import type { RunId } from '../contract/ids.ts';
import { keysOf } from './keys.ts';

/** Lines kept of one run: what a person can still scroll through; about 4 MB at the usual length. */
const LINES_KEPT = 20_000;
/** A longer line is cut, so that one line never stops the log (5 MB without a line break have been seen). */
const LONGEST_LINE = 8_192;
/** A log that nobody added to for this long is dropped: 30 days. */
const KEPT_SECONDS = 30 * 24 * 3_600;
/** Lines that go to Redis in one round trip; ten times as fast as one by one. */
const BATCH = 50;

export interface LogLine {
  /** The stream's id: what a reader gives back to go on after it. */
  readonly id: string;
  readonly attempt: number;
  /** The step that was running, or the service that said it. */
  readonly from: string;
  readonly text: string;
}

/** Appends lines to a run's log, in order. Foreign text must have been scrubbed of secrets before. */
export async function appendLog(
  redis: Redis,
  instance: string,
  run: RunId,
  lines: readonly Omit<LogLine, 'id'>[],
): Promise<void> {
  const key = keysOf(instance).log(run);
  for (let start = 0; start < lines.length; start += BATCH) {
    const pipeline = redis.pipeline();
    for (const { attempt, from, text } of lines.slice(start, start + BATCH))
      pipeline.xadd(key, 'MAXLEN', '~', LINES_KEPT, '*', 'attempt', attempt, 'from', from, 'text', cut(text));
    pipeline.expire(key, KEPT_SECONDS);
    await pipeline.exec();
  }
}

/** The lines after `after` (an id, or '0' for the beginning), oldest first. @param count at most so many */
export async function readLog(redis: Redis, instance: string, run: RunId, after = '0', count = LINES_KEPT): Promise<LogLine[]> {
  const entries = await redis.xrange(keysOf(instance).log(run), after === '0' ? '-' : `(${after}`, '+', 'COUNT', count);
  return entries.map(([id, fields]) => {
    const value = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
    return { id, attempt: Number(value('attempt')), from: value('from'), text: value('text') };
  });
}

function cut(text: string): string {
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE)} … (${text.length - LONGEST_LINE} more characters)`;
}
