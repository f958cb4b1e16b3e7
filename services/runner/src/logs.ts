import type { LogLine } from '@cc-ci/shared/runs/log-stream';
import { scrub } from '@cc-ci/shared/service/scrub';

/** Lines are collected for this long before they are written together: live enough for eyes. Milliseconds. */
const BATCH_MS = 200;
/** Lines that wait at most while Redis is away; the oldest are given up first. */
const MOST_WAITING = 20_000;

/** The log of one attempt as people read it: what cc-ci does, in sentences, and what the app says. */
export interface RunLog {
  /** @param from the step that is running, or the service that said it */
  line(from: string, text: string): void;
  /** Resolves when all lines so far are written, or given up. */
  flush(): Promise<void>;
}

/** @param write appends lines in order; when it fails, those lines are lost and `onError` is told */
export function openRunLog(
  attempt: number,
  write: (lines: readonly Omit<LogLine, 'id'>[]) => Promise<void>,
  onError: (error: unknown) => void,
): RunLog {
  let waiting: Omit<LogLine, 'id'>[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing
      .then(async () => {
        const batch = waiting;
        waiting = [];
        if (batch.length > 0) await write(batch);
      })
      .catch(onError);
    return writing;
  };

  return {
    line(from, text) {
      for (const part of scrub(text).split(/\r?\n/)) waiting.push({ attempt, from, text: part });
      if (waiting.length > MOST_WAITING) waiting = waiting.slice(-MOST_WAITING);
      timer ??= setTimeout(flush, BATCH_MS);
    },
    flush,
  };
}
