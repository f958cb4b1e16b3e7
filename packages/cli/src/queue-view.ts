import type { Heartbeat } from '@cc-ci/shared/contract/heartbeat';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import type { Drained } from '@cc-ci/shared/runs/drained';
import { duration } from '@cc-ci/shared/service/duration';

/** What `ccci queue` shows, and prints with `--json`. Times are Unix milliseconds. */
export interface QueueView {
  readonly hosts: readonly HostView[];
  readonly running: readonly RunView[];
  /** In the order in which they are taken. */
  readonly waiting: readonly RunView[];
}

interface HostView {
  readonly host: string;
  /** Of the runners that live there. */
  readonly runners: number;
  readonly capacity: number;
  readonly running: number;
  readonly drainedSince: number | null;
}

interface RunView {
  readonly run: string;
  readonly recipe: string;
  readonly pull: number | null;
  readonly commit: string;
  /** That goes on, or that is to come. */
  readonly attempt: number;
  readonly host: string | null;
  readonly step: string | null;
  readonly doing: string | null;
  readonly since: number;
}

/** Runners, runs that go on, and runs that wait. @param beats of services that live @param open runs that are not settled */
export function queueView(beats: readonly Heartbeat[], drained: readonly Drained[], open: readonly RunRecord[]): QueueView {
  const runners = beats.filter(({ service }) => service === 'runner');
  const names = [...new Set([...runners.map(({ host }) => host), ...drained.map(({ host }) => host)])].toSorted();
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    hosts: names.map((host) => {
      const here = runners.filter((beat) => beat.host === host);
      return {
        host,
        runners: here.length,
        capacity: sum(here.map(({ capacity }) => capacity ?? 0)),
        running: sum(here.map(({ running }) => running.length)),
        drainedSince: drained.find((each) => each.host === host)?.since ?? null,
      };
    }),
    running: inOrder(open, 'running').map((run) => viewOf(run, run.attempts.at(-1)?.startedAt ?? run.createdAt)),
    waiting: inOrder(open, 'queued').map((run) => viewOf(run, run.createdAt)),
  };
}

function inOrder(open: readonly RunRecord[], state: RunRecord['state']): RunRecord[] {
  return open.filter((run) => run.state === state).toSorted((a, b) => a.createdAt - b.createdAt || a.id.localeCompare(b.id));
}

function viewOf({ id, request, state, attempts, steps, doing }: RunRecord, since: number): RunView {
  const isRunning = state === 'running';
  return {
    run: id,
    recipe: request.recipe,
    pull: request.pull?.number ?? null,
    commit: request.commit,
    attempt: attempts.length + (isRunning ? 0 : 1),
    host: isRunning ? (attempts.at(-1)?.host ?? null) : null,
    step: steps.find((step) => step.state === 'running')?.tier ?? null,
    doing: doing?.what ?? null,
    since,
  };
}

/** The same for a person. @param now Unix milliseconds */
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
