import type { Heartbeat } from '../contract/heartbeat.ts';
import type { RunRecord } from '../contract/run.ts';
import type { Drained } from './drained.ts';

/** Who can run what, what runs, and what waits: for terminals, pages and tools. Times are Unix milliseconds. */
export interface QueueView {
  readonly hosts: readonly HostView[];
  readonly running: readonly RunView[];
  /** In the order in which they are taken. */
  readonly waiting: readonly RunView[];
}

export interface HostView {
  readonly host: string;
  /** Of the runners that live there. */
  readonly runners: number;
  readonly capacity: number;
  readonly running: number;
  readonly drainedSince: number | null;
}

export interface RunView {
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
