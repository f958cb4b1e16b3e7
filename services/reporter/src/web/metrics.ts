import { verdicts } from '@cc-ci/shared/contract/glossary';
import { Heartbeat } from '@cc-ci/shared/contract/heartbeat';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import type { Counts } from '@cc-ci/shared/service/queues';

/** Of the text below, for `Content-Type`. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** All that the metrics say, as it was read at one moment. */
export interface MetricsFacts {
  /** Runs that are not settled. */
  readonly open: readonly RunRecord[];
  /** The newest runs. */
  readonly recent: readonly RunRecord[];
  readonly alive: readonly Heartbeat[];
  readonly drainedHosts: number;
  /** Pages of the forge that are not yet as they should be. */
  readonly unreported: number;
  readonly enrolled: number;
  /** Jobs of BullMQ by queue and state. */
  readonly jobs: Readonly<Record<string, Counts>>;
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

/** The metrics in the text format of Prometheus, version 0.0.4. */
export function metricsText(facts: MetricsFacts): string {
  const { open, recent, alive, jobs } = facts;
  const runners = alive.filter(({ service }) => service === 'runner');
  const sum = (of: (beat: Heartbeat) => number): number => runners.reduce((total, beat) => total + of(beat), 0);
  const states = ['queued', 'running'] as const;
  const leftovers = open.filter(({ attempts }) => attempts.some(({ cleanup }) => cleanup.state === 'remaining'));
  const ended = verdicts.flatMap((verdict): Sample[] => {
    const last = recent.find((run) => run.verdict === verdict);
    return last?.endedAt ? [[{ verdict }, last.endedAt / 1000]] : [];
  });
  return [
    gauge(
      'runs_open',
      'Runs that wait or run',
      states.map((state) => [{ state }, open.filter((run) => run.state === state).length]),
    ),
    gauge('runs_with_leftovers', 'Runs of which something could not be removed yet', [[{}, leftovers.length]]),
    gauge('run_last_ended_timestamp_seconds', 'When a run last ended like this, among the newest ones', ended),
    gauge(
      'services_up',
      'Processes that live, by service',
      Heartbeat.shape.service.options.map((service) => [{ service }, alive.filter((beat) => beat.service === service).length]),
    ),
    gauge('places', 'Runs that all runners together carry out at the same time', [[{}, sum(({ capacity }) => capacity ?? 0)]]),
    gauge('places_taken', 'Of these, how many are taken', [[{}, sum(({ running }) => running.length)]]),
    gauge('hosts_drained', 'Hosts that take no more runs', [[{}, facts.drainedHosts]]),
    gauge('pages_unreported', 'Pages of the forge that are not yet as they should be', [[{}, facts.unreported]]),
    gauge('recipes_enrolled', 'Recipes that are watched', [[{}, facts.enrolled]]),
    gauge(
      'queue_jobs',
      'Jobs by queue and state',
      Object.entries(jobs).flatMap(([queue, counts]) =>
        Object.entries(counts).map(([state, count]): Sample => [{ queue, state }, count]),
      ),
    ),
  ].join('');
}

function gauge(name: string, help: string, samples: readonly Sample[]): string {
  const full = `cc_ci_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${labelsText(labels)} ${value}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${lines.join('')}`;
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replaceAll(/[\\"\n]/g, '\\$&')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
