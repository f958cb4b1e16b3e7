import { topLevel } from '@cc-ci/shared/contract/glossary';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { duration } from '@cc-ci/shared/service/duration';
import { html } from 'hono/html';
import { verdictMs } from '../history.ts';
import { dateAndClock } from '../render/duration.ts';
import { shortCommit } from '../render/links.ts';
import { type Html, link } from './layout.ts';
import { table } from './table.ts';
import { colour, standing } from './verdict.ts';

/** Runs, a line each, in the order in which they are given. */
export function runTable(recent: readonly RunRecord[]): Html {
  return table(['Result', 'Recipe', 'Commit', 'Asked by', 'Level', 'Took', 'When'], recent.map(runRow));
}

function runRow(run: RunRecord): Html {
  const { request } = run;
  const took = verdictMs(run);
  return html`<tr>
    <td><a class="${colour(run)}" href="/runs/${run.id}">${standing(run)}</a></td>
    <td>${request.recipe}${request.pull ? html` ${link(request.pull.url, `#${request.pull.number}`)}` : ''}</td>
    <td><code>${shortCommit(request.commit)}</code></td>
    <td>${request.by ?? 'the schedule'}</td>
    <td>${run.level === null ? '' : `${run.level} of ${topLevel}`}</td>
    <td>${took === undefined ? '' : duration(took)}</td>
    <td>${dateAndClock(run.createdAt)}</td>
  </tr>`;
}
