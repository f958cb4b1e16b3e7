import { drained } from '@cc-ci/shared/runs/drained';
import { readEnrolled } from '@cc-ci/shared/runs/enrolled';
import { living } from '@cc-ci/shared/runs/heartbeats';
import { openRunStore } from '@cc-ci/shared/runs/store';
import { countsOf, type OpenQueues } from '@cc-ci/shared/service/queues';
import type { RedisConnection } from '@cc-ci/shared/service/redis';
import type { MetricsFacts } from './metrics.ts';

/** Among these the last run of each verdict is looked for. */
const RUNS_LOOKED_AT = 50;

/** Reads what the metrics say, when somebody asks: nothing is counted beside the records. */
export async function readMetrics(
  instance: string,
  client: RedisConnection['client'],
  queues: OpenQueues,
): Promise<MetricsFacts> {
  const runs = openRunStore(client, instance, async () => undefined);
  const [open, recent, alive, hosts, changed, enrolled, jobs] = await Promise.all([
    runs.open(),
    runs.recent(RUNS_LOOKED_AT),
    living(client, instance, Date.now()),
    drained(client, instance),
    runs.changed(),
    readEnrolled(client, instance),
    Promise.all(Object.entries(queues).map(async ([name, queue]) => [name, await countsOf(queue)] as const)),
  ]);
  const [drainedHosts, unreported] = [hosts.length, changed.length];
  return { open, recent, alive, drainedHosts, unreported, enrolled: enrolled.length, jobs: Object.fromEntries(jobs) };
}
