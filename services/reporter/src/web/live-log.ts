import { setTimeout as pause } from 'node:timers/promises';
import type { RunId } from '@cc-ci/shared/contract/ids';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import type { LogLine } from '@cc-ci/shared/runs/log-stream';
import { isSettled } from '@cc-ci/shared/runs/next';

/** What a page is told while its run goes on. */
export type LiveEvent =
  | { readonly event: 'line'; readonly id: string; readonly data: { readonly from: string; readonly text: string } }
  | { readonly event: 'changed'; readonly run: RunRecord }
  | { readonly event: 'end' };

export interface LiveSource {
  readonly read: (id: RunId) => Promise<RunRecord | undefined>;
  readonly linesAfter: (id: RunId, after: string) => Promise<LogLine[]>;
}

/** A person sees this as at once; asking more often would only cost. */
const LOOK_MS = 500;

/**
 * Follows a run from a line of its log on: no gap, no repeat, also after a lost connection. Ends when nothing more will come.
 * @param after the id of the last line that the reader has, or '0'
 */
export async function* follow(id: RunId, after: string, source: LiveSource, signal: AbortSignal): AsyncGenerator<LiveEvent> {
  let last = after;
  let rev = -1;
  while (!signal.aborted) {
    // The record first: lines that were written before it ended are then all there.
    const run = await source.read(id);
    const lines = await source.linesAfter(id, last);
    for (const line of lines) yield { event: 'line', id: line.id, data: { from: line.from, text: line.text } };
    last = lines.at(-1)?.id ?? last;
    if (run && run.rev !== rev) yield { event: 'changed', run };
    rev = run?.rev ?? rev;
    if (!run || isSettled(run)) {
      yield { event: 'end' };
      return;
    }
    await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}
