import { topLevel } from '@cc-ci/shared/contract/glossary';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { verdictWords } from './result.ts';

/** What the commit shows of a run. One context for ever: another name would leave the old one pending. */
export const STATUS_CONTEXT = 'cc-ci/testme';

/** A commit status, as far as the run decides it. */
export interface StatusText {
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly description: string;
}

/** The status that a run gives its commit. Plain text: a status knows no markup. */
export function statusText(run: RunRecord): StatusText {
  const words = verdictWords(run).replace(/^\W+ /u, '');
  switch (run.verdict) {
    case null:
      return { state: 'pending', description: 'Queued or under test' };
    case 'passed':
      return { state: 'success', description: `${words}: level ${run.level ?? 0} of ${topLevel}` };
    case 'failed':
      return { state: 'failure', description: words };
    case 'errored':
      return { state: 'error', description: `${words}. The change is not the reason` };
    case 'cancelled':
    case 'superseded':
      return { state: 'error', description: `${words}: no verdict` };
  }
}
