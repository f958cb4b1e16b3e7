import type { RunRecord } from '@cc-ci/shared/contract/run';
import { leftWords, type Usual } from '../history.ts';
import { clock } from './duration.ts';
import { name } from './escape.ts';
import { shortCommit } from './links.ts';

/** What a queued run waits for. */
export interface Waiting {
  /** Runs that come first, in their order; those that run already come before those that wait. */
  readonly before: readonly { readonly run: RunRecord; readonly usual: Usual | undefined }[];
  readonly runnersUp: number;
}

const places = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'];
/** More than a person reads; the dashboard has them all. */
const MOST_NAMED = 4;

/** The first line of a queued run. @param now Unix milliseconds */
export function queuedLine(run: RunRecord, waiting: Waiting, now: number): string {
  const what = `\`${shortCommit(run.request.commit)}\` of ${name(run.request.recipe)}`;
  if (waiting.runnersUp === 0)
    return `**Queued: ${what} waits for a runner, and none is up.** Waiting since ${clock(run.createdAt)}; it starts by itself when one comes.`;
  const ahead = waiting.before.length;
  const place = places[ahead] ?? `number ${ahead + 1}`;
  const before = beforeIt(waiting, now);
  return `**Queued, ${place} in line: ${what}.**${before === '' ? ' It starts as soon as a runner takes it.' : ` Before it: ${before}.`}`;
}

function beforeIt({ before }: Waiting, now: number): string {
  const named = before.slice(0, MOST_NAMED).map(({ run, usual }) => {
    const elapsed = Math.max(0, now - (run.state === 'running' ? (run.attempts.at(-1)?.startedAt ?? now) : now));
    const left = usual && leftWords(usual, elapsed);
    return `${name(run.request.recipe)}${left ? ` (${left})` : ''}`;
  });
  return [...named, ...(before.length > MOST_NAMED ? [`${before.length - MOST_NAMED} more`] : [])].join(', ');
}
