import type { HostView, QueueView, RunView } from '@cc-ci/shared/runs/queue-view';
import { duration } from '@cc-ci/shared/service/duration';

/** The queue for a person at a terminal. @param now Unix milliseconds */
export function queueText({ hosts, running, waiting }: QueueView, now: number): string {
  return [
    ...section('Hosts', hosts.map(hostLine), 'No runner is up: what is asked for waits until one comes.'),
    ...section(
      'Running',
      running.map((run) => runLine(run, now)),
      'Nothing runs.',
    ),
    ...section(
      'Waiting',
      waiting.map((run, index) => `${index + 1}. ${runLine(run, now)}`),
      'Nothing waits.',
    ),
  ].join('\n');
}

function section(title: string, lines: readonly string[], empty: string): string[] {
  return [title, ...(lines.length === 0 ? [empty] : lines).map((line) => `  ${line}`)];
}

function hostLine({ host, runners, capacity, running, drainedSince }: HostView): string {
  const drain = drainedSince === null ? '' : ', drained: it takes no more runs';
  if (runners === 0) return `${host}: no runner is up${drain}`;
  const count = runners === 1 ? '' : ` of ${runners} runners`;
  return `${host}: ${running} of ${capacity} places${count} in use${drain}`;
}

function runLine({ run, recipe, pull, commit, attempt, host, step, doing, since }: RunView, now: number): string {
  const what = `${recipe}${pull === null ? '' : ` #${pull}`} at ${commit.slice(0, 8)}, run ${run}`;
  const details = [
    attempt === 1 ? undefined : `attempt ${attempt}`,
    host === null ? undefined : `on ${host}`,
    step ?? undefined,
    `${host === null ? 'waiting' : 'running'} for ${duration(Math.max(0, now - since))}`,
    doing === null ? undefined : `now: ${doing}`,
  ];
  return [what, ...details.filter((detail) => detail !== undefined)].join(', ');
}
