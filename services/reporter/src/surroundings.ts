import type { RunRecord } from '@cc-ci/shared/contract/run';
import type { Settings } from '@cc-ci/shared/contract/settings';
import { living } from '@cc-ci/shared/runs/heartbeats';
import type { RunStore } from '@cc-ci/shared/runs/store';
import type { Redis } from 'ioredis';
import type { Facts } from './desired.ts';
import { usualOf } from './history.ts';
import { waitingOf } from './queue-place.ts';
import type { Records } from './report.ts';

/** Newest runs that estimates are made from: a few of each recipe in a busy week. */
const RUNS_REMEMBERED = 60;

export interface SurroundingsParts {
  readonly settings: Settings;
  readonly redis: Redis;
  readonly runs: Pick<RunStore, 'recent' | 'open'>;
}

/**
 * The records of a page together with what else decides how it looks: settings, queue, history, runners. Queue and history
 * are read only where a run goes on. @param now Unix milliseconds
 */
export async function withSurroundings(
  records: Records,
  { settings, redis, runs }: SurroundingsParts,
  now: number,
): Promise<Facts> {
  const isLive = records.runs.some(({ state }) => state !== 'ended');
  const recent = isLive ? await runs.recent(RUNS_REMEMBERED) : [];
  const open = isLive ? await runs.open() : [];
  const alive = isLive ? await living(redis, settings.instance, now) : [];
  const runnersUp = alive.filter(({ service }) => service === 'runner').length;
  const usual = (recipe: string) => usualOf(recipe, recent);
  return {
    ...records,
    instance: settings.instance,
    now: inSteps(now, settings.say.progress_seconds),
    usualOf: usual,
    waitingOf: (run: RunRecord) => waitingOf(run, open, runnersUp, usual),
    publicUrl: settings.dashboard.public_url,
    triggerWord: settings.trigger.word,
    reproCommand: settings.say.repro_command,
    setsStatuses: settings.say.commit_status === 'auto',
  };
}

/** So that two looks within one step, by whichever reporter, write the same. */
function inSteps(now: number, seconds: number): number {
  return now - (now % (seconds * 1000));
}
