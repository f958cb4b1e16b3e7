import type { HostView, QueueView, RunView } from '@cc-ci/shared/runs/queue-view';
import { counted } from '@cc-ci/shared/service/counted';
import { duration } from '@cc-ci/shared/service/duration';
import { html } from 'hono/html';
import { dateAndClock } from '../render/duration.ts';
import { shortCommit } from '../render/links.ts';
import { type Html, type Page, sentence } from './layout.ts';
import { table } from './table.ts';

/** How soon a browser looks again: a queue moves by itself. */
const RELOAD_SECONDS = 15;

export interface QueueFacts {
  readonly queue: QueueView;
  /** Of runs that whoever asks may not read about: that they are there is shown, and nothing else of them. */
  readonly isHidden: (run: RunView) => boolean;
  /** Unix milliseconds. */
  readonly now: number;
}

/** The page of who can run what, what runs, and what waits. */
export function queuePage({ queue, isHidden, now }: QueueFacts): Page {
  const { hosts, running, waiting } = queue;
  const runTable = (runs: readonly RunView[]): Html =>
    table(
      ['Recipe', 'Commit', 'Host', 'Step', 'For', 'Now'],
      runs.map((run) => runRow(run, isHidden(run), now)),
    );
  return {
    title: `${counted(running.length, 'runs')} going on, ${waiting.length} waiting`,
    body: html`
      <h1>${counted(running.length, 'runs')} going on, ${waiting.length} waiting</h1>
      <h2>Running</h2>
      ${running.length === 0 ? html`<p>Nothing runs.</p>` : runTable(running)}
      <h2>Waiting, in the order in which they are taken</h2>
      ${waiting.length === 0 ? html`<p>Nothing waits.</p>` : runTable(waiting)}
      <h2>Hosts</h2>
      ${hosts.length === 0 ? html`<p class="failed">No runner is up: what is asked for waits until one comes.</p>` : table(['Host', 'Places', 'Runs'], hosts.map(hostRow))}
    `,
    reload: RELOAD_SECONDS,
  };
}

function runRow({ run, recipe, pull, commit, attempt, host, step, doing, since }: RunView, isHidden: boolean, now: number): Html {
  const lasting = duration(Math.max(0, now - since));
  if (isHidden) return html`<tr><td class="quiet" colspan="4">a private recipe</td><td>${lasting}</td><td></td></tr>`;
  const again = attempt === 1 ? '' : `, attempt ${attempt}`;
  return html`<tr><td><a href="/runs/${run}">${recipe}${pull === null ? '' : ` #${pull}`}</a>${again}</td>
    <td><code>${shortCommit(commit)}</code></td><td>${host ?? ''}</td><td>${step ?? ''}</td><td>${lasting}</td>
    <td>${doing === null ? '' : sentence(doing)}</td></tr>`;
}

function hostRow({ host, runners, capacity, running, drainedSince }: HostView): Html {
  const drained = drainedSince === null ? '' : `drained since ${dateAndClock(drainedSince)}: it takes no more runs`;
  const places = runners === 0 ? 'no runner is up' : `${running} of ${capacity} taken`;
  return html`<tr><td>${host}</td><td>${places}</td><td>${drained || 'takes runs'}</td></tr>`;
}
