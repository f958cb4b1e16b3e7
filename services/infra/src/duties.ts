import type { ForgeReader } from '@cc-ci/forge/forge';
import type { SweepRecord } from '@cc-ci/shared/contract/infra';
import type { JobOf, RunJob } from '@cc-ci/shared/contract/queues';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import type { Settings } from '@cc-ci/shared/contract/settings';
import { dueJob } from '@cc-ci/shared/runs/due-job';
import { readEnrolled } from '@cc-ci/shared/runs/enrolled';
import { forgetOld } from '@cc-ci/shared/runs/forget';
import type { RunStore } from '@cc-ci/shared/runs/store';
import type { SweepStore } from '@cc-ci/shared/runs/sweeps';
import type { Log } from '@cc-ci/shared/service/log';
import type { Redis } from 'ioredis';
import { newSweep, nextStep, requestOf, withEntry } from './sweep.ts';

type Duty = JobOf<'infra'>['duty'];

const DAY_MS = 86_400_000;

export interface DutyParts {
  readonly instance: string;
  readonly redis: Redis;
  readonly forge: Pick<ForgeReader, 'branchHead'>;
  readonly log: Log;
  readonly sweeps: SweepStore;
  readonly runs: RunStore;
  readonly enqueue: (job: RunJob) => Promise<void>;
  readonly retention: Settings['retention'];
  /** Keeps the forge's webhooks in order; undefined: they are nobody's affair here. */
  readonly keepHooks?: (() => Promise<void>) | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** What infra does when a job of its queue is due. Every duty may be repeated, and may have been interrupted anywhere. */
export function duties({
  instance,
  redis,
  forge,
  log,
  sweeps,
  runs,
  enqueue,
  retention,
  keepHooks,
  now,
}: DutyParts): (duty: Duty) => Promise<void> {
  const startSweep = async (): Promise<void> => {
    const sweep = await sweeps.create(newSweep(await readEnrolled(redis, instance), now()));
    if (sweep.entries.length === 0) log.warn({ sweep: sweep.id }, 'The sweep has nothing to test: no recipe is enrolled.');
    await goOn();
  };

  const goOn = async (): Promise<void> => {
    const sweep = await sweeps.latest();
    if (!sweep) return;
    const step = nextStep(sweep, await runsOf(sweep));
    if (step.do === 'admit') await admit(sweep, step.entry);
    if (step.do === 'end') await sweeps.replace({ ...sweep, endedAt: now() });
  };

  const runsOf = async (sweep: SweepRecord): Promise<Map<string, RunRecord>> => {
    const ids = sweep.entries.flatMap(({ run }) => (run === null ? [] : [run]));
    const found = await Promise.all(ids.map((id) => runs.read(id)));
    return new Map(found.flatMap((run) => (run ? [[run.id, run]] : [])));
  };

  /** Record first, then enqueue: healing queues a run whose job was lost. */
  const admit = async (sweep: SweepRecord, entry: SweepRecord['entries'][number]): Promise<void> => {
    const enrolled = (await readEnrolled(redis, instance)).find(({ repo }) => repo.id === entry.repo.id);
    const commit = enrolled && (await forge.branchHead(enrolled.repo, enrolled.defaultBranch));
    if (!enrolled || !commit) {
      await sweeps.replace(
        withEntry(sweep, entry.repo.id, { skipped: enrolled ? 'its default branch is empty' : 'it is not enrolled any more' }),
      );
      return;
    }
    const { run } = await runs.create(requestOf(sweep, enrolled, commit), now());
    await sweeps.replace(withEntry(sweep, entry.repo.id, { run: run.id }));
    if (run.state === 'queued') await enqueue(dueJob(run));
    log.info({ sweep: sweep.id, run: run.id, recipe: entry.recipe }, 'The sweep admits the next recipe.');
  };

  const forget = async (): Promise<void> => {
    const ago = (days: number): number => now() - days * DAY_MS;
    const limits = { runsBefore: ago(retention.runs_days), commentsBefore: ago(retention.intake_days) };
    const forgotten = await forgetOld(redis, instance, limits);
    log.info(forgotten, 'Records that were too old are forgotten.');
  };

  return async (duty) => {
    if (duty === 'sweep') await startSweep();
    if (duty === 'sweep-next') await goOn();
    if (duty === 'forget') await forget();
    if (duty === 'hooks') await keepHooks?.();
  };
}
