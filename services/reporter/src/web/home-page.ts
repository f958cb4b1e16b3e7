import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import type { Heartbeat } from '@cc-ci/shared/contract/heartbeat';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { duration } from '@cc-ci/shared/service/duration';
import { html } from 'hono/html';
import type { Html, Page } from './layout.ts';
import { runTable } from './run-table.ts';
import { table } from './table.ts';
import { colour, standing } from './verdict.ts';

export interface HomeFacts {
  readonly instance: string;
  /** Newest first. */
  readonly recent: readonly RunRecord[];
  readonly enrolled: readonly Enrolled[];
  readonly alive: readonly Heartbeat[];
  /** Unix milliseconds. */
  readonly now: number;
}

const services: readonly Heartbeat['service'][] = ['trigger', 'runner', 'reporter', 'infra'];

/** The first page: what runs, what ran, which recipes are watched, who is up. */
export function homePage({ instance, recent, enrolled, alive, now }: HomeFacts): Page {
  const open = recent.filter((run) => run.state !== 'ended');
  return {
    title: `cc-ci ${instance}`,
    body: html`
      <h1>${open.length === 0 ? 'Nothing is being tested' : `${open.length} under test or waiting`}</h1>
      ${missing(alive)}
      <h2>Recent runs</h2>
      ${recent.length === 0 ? html`<p>There were none yet. A run starts when a member comments on a pull request.</p>` : runTable(recent)}
      <h2>Recipes</h2>
      ${enrolled.length === 0 ? html`<p>None is watched yet: the trigger has not found any.</p>` : recipeTable(enrolled, recent)}
      <h2>Services</h2>
      ${serviceTable(alive, now)}
    `,
  };
}

/** "Nothing happens" has a reason that can be read. */
function missing(alive: readonly Heartbeat[]): Html {
  const down = services.filter((service) => !alive.some((each) => each.service === service));
  const hashes = new Set(alive.map((each) => each.settingsHash));
  return html`${down.map((service) => html`<p class="failed">No ${service} is up. ${consequences[service]}</p>`)}
    ${hashes.size > 1 ? html`<p class="failed">The services were started with different settings: give all of them the same instance file.</p>` : ''}`;
}

const consequences: Record<Heartbeat['service'], string> = {
  trigger: 'New comments are found when it is back.',
  runner: 'What is queued waits until one comes.',
  reporter: 'Pull requests are told when it is back.',
  infra: 'The nightly re-test waits for it.',
};

function recipeTable(enrolled: readonly Enrolled[], recent: readonly RunRecord[]): Html {
  return table(
    ['Recipe', 'Repository', 'Last run'],
    enrolled.map(({ repo }) => {
      const last = recent.find((run) => run.request.repo.id === repo.id);
      return html`<tr><td><a href="/recipes/${repo.owner}/${repo.name}">${repo.name}</a></td><td>${repo.owner}/${repo.name}</td>
        <td>${last ? html`<a class="${colour(last)}" href="/runs/${last.id}">${standing(last)}</a>` : 'none lately'}</td></tr>`;
    }),
  );
}

function serviceTable(alive: readonly Heartbeat[], now: number): Html {
  return table(
    ['Service', 'Host', 'Up for', 'Doing'],
    alive.map(
      (each) => html`<tr><td>${each.service}</td><td>${each.host}</td><td>${duration(now - each.startedAt)}</td>
        <td>${each.capacity === null ? '' : `${each.running.length} of ${each.capacity} places taken`}</td></tr>`,
    ),
  );
}
