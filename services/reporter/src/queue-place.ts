import type { RunRecord } from '@cc-ci/shared/contract/run';
import type { Usual } from './history.ts';
import type { Waiting } from './render/waiting.ts';

/**
 * What a queued run waits for: the runs that go on, and those that were asked for earlier.
 * @param open runs that are not settled, in any order
 */
export function waitingOf(
  run: RunRecord,
  open: readonly RunRecord[],
  runnersUp: number,
  usualOf: (recipe: string) => Usual | undefined,
): Waiting {
  const others = open.filter((other) => other.id !== run.id);
  const running = others.filter((other) => other.state === 'running').toSorted(byAge);
  const queued = others.filter((other) => other.state === 'queued' && byAge(other, run) < 0).toSorted(byAge);
  const before = [...running, ...queued].map((other) => ({ run: other, usual: usualOf(other.request.recipe) }));
  return { before, runnersUp };
}

function byAge(a: RunRecord, b: RunRecord): number {
  return a.createdAt - b.createdAt || a.id.localeCompare(b.id);
}
