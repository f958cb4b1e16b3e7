import { dueJob } from '@cc-ci/shared/runs/due-job';
import { currentAttempt } from '@cc-ci/shared/runs/next';
import type { RunStore } from '@cc-ci/shared/runs/store';
import type { Log } from '@cc-ci/shared/service/log';
import type { Producer } from '@cc-ci/shared/service/queue-producer';
import { runnerGone } from './diagnose.ts';

export interface Healer {
  readonly store: Pick<RunStore, 'open' | 'apply' | 'isLeased'>;
  readonly producer: Pick<Producer, 'add'>;
  readonly attemptsAllowed: number;
  readonly log: Log;
  /** Unix milliseconds. */
  now(): number;
}

/**
 * Puts right what a runner that died left undone, on whatever host it was: a run that nobody holds any more is queued again or
 * ends as errored, and a run that waits has a job. Safe from any number of runners.
 */
export async function heal({ store, producer, attemptsAllowed, log, now }: Healer): Promise<void> {
  for (const run of await store.open()) {
    const attempt = currentAttempt(run);
    // Also of a queued run: whoever holds it still cleans up, and adds the job of the next attempt at its time.
    if (await store.isLeased(run.id)) continue;
    if (run.state === 'queued') await producer.add('runs', dueJob(run));
    if (run.state !== 'running' || !attempt) continue;
    const tier = run.steps.find(({ state }) => state === 'running')?.tier ?? null;
    const after = await store.apply(run.id, {
      kind: 'attempt-lost',
      attempt: attempt.number,
      why: 'the runner went silent',
      cause: runnerGone(attempt.runner, attempt.host, tier),
      at: now(),
      attemptsAllowed,
    });
    if ('refused' in after) continue;
    log.warn(
      { run: run.id, attempt: attempt.number, runner: attempt.runner, state: after.state },
      'A runner went silent during a run.',
    );
    if (after.state === 'queued') await producer.add('runs', dueJob(after));
  }
}
