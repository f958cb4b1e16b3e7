import { type CleanUp, type RunRecord, resourceKinds } from '@cc-ci/shared/contract/run';
import { counted } from '@cc-ci/shared/service/counted';
import { tenths } from './duration.ts';
import { code, name } from './escape.ts';

type Looked = Exclude<CleanUp, { state: 'pending' }>;

/** What is left of a run on its host, over all of its attempts that are over. Undefined when there is none. */
export function cleanUpSentence(run: RunRecord): string | undefined {
  // Of an attempt that goes on everything is still meant to be there.
  const over = run.state === 'running' ? run.attempts.slice(0, -1) : run.attempts;
  const all = over.map((attempt) => attempt.cleanup);
  const looked = all.filter((cleanup): cleanup is Looked => cleanup.state !== 'pending');
  const last = looked.at(-1);
  if (all.length === 0) return undefined;
  if (looked.some((cleanup) => cleanup.left.length > 0)) return remaining(looked);
  if (looked.length < all.length || !last)
    return 'Left behind: not known yet. Everything is being removed now; this line changes when that is proven.';
  return proven(looked, last);
}

function proven(looked: readonly Looked[], last: Looked): string {
  const total = looked.flatMap((cleanup) => Object.values(cleanup.removed)).reduce((sum, count) => sum + count, 0);
  const things = total === 0 ? 'nothing had been made' : `${counted(total, 'things')} removed`;
  return `Left behind: nothing (${things}, ${resourceKinds.length} kinds checked in ${tenths(last.milliseconds)} on ${name(last.host)}).`;
}

function remaining(looked: readonly Looked[]): string {
  const left = looked.flatMap((cleanup) => cleanup.left);
  const hosts = [...new Set(looked.filter((cleanup) => cleanup.left.length > 0).map((cleanup) => name(cleanup.host)))];
  const listed = left.slice(0, MOST_LISTED).map((thing) => code(thing));
  const more = left.length > MOST_LISTED ? [`${left.length - MOST_LISTED} more`] : [];
  return (
    `Left behind: ${counted(left.length, 'things')}, ${[...listed, ...more].join(', ')}. ` +
    `${hosts.join(' and ')} tries again by itself; the verdict does not change.`
  );
}

/** More than a person reads in a comment; the run page has them all. */
const MOST_LISTED = 5;
