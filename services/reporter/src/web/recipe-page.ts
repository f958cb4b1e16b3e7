import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import { topLevel } from '@cc-ci/shared/contract/glossary';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import type { RunCursor } from '@cc-ci/shared/runs/store';
import { duration } from '@cc-ci/shared/service/duration';
import { html } from 'hono/html';
import { toReachTop } from '../render/findings.ts';
import { levelWords } from '../render/level.ts';
import { nextStep } from '../render/next-step.ts';
import { type Html, type Page, sentence } from './layout.ts';
import { isPublishable, publishedRun } from './published.ts';
import { runTable } from './run-table.ts';
import { colour, standing } from './verdict.ts';

export interface RecipeFacts {
  readonly recipe: Enrolled;
  /** The newest runs of it, newest first, whatever page is shown. */
  readonly recent: readonly RunRecord[];
  /** Those on this page. */
  readonly shown: readonly RunRecord[];
  /** Of the page after it. */
  readonly next: RunCursor | null;
  /** Unix milliseconds. */
  readonly now: number;
}

/** The page of a recipe: what is known of its default branch, how that went lately, and its runs. */
export function recipePage({ recipe, recent, shown, next, now }: RecipeFacts): Page {
  const { repo, cloneUrl, defaultBranch } = recipe;
  const known = publishedRun(recent, recipe);
  const history = recent.filter((run) => isPublishable(run) || (run.standIns && run.level !== null)).slice(0, BARS);
  return {
    title: `${repo.name}: ${known ? standing(known) : 'not tested yet'}`,
    body: html`
      <h1>${repo.name}</h1>
      ${known ? standingOf(known, defaultBranch, now) : html`<p>The branch <code>${defaultBranch}</code> was not tested as a whole yet. The nightly re-test does that.</p>`}
      ${history.length === 0 ? '' : html`<h2>Levels of its last ${history.length} whole runs</h2>${chart(history.toReversed())}`}
      <h2>Runs</h2>
      ${shown.length === 0 ? html`<p>There were none yet.</p>` : runTable(shown)}
      ${next === null ? '' : html`<p><a href="?after=${next}" rel="next">Older runs</a></p>`}
      <p class="quiet">Repository <code>${cloneUrl}</code>. Its badge: <code>/badge/${repo.owner}/${repo.name}.svg</code></p>
    `,
  };
}

function standingOf(run: RunRecord, branch: string, now: number): Html {
  const next = run.verdict === 'failed' && run.cause?.remedy ? nextStep(run.cause.remedy) : toReachTop(run.steps);
  return html`<p><a class="${colour(run)}" href="/runs/${run.id}">${standing(run)}</a>, the branch <code>${branch}</code>,
      ${duration(Math.max(0, now - (run.endedAt ?? now)))} ago. ${run.level === null ? '' : `${levelWords(run.level)}.`}</p>
    ${run.cause ? html`<p>${sentence(run.cause.sentence)}</p>` : ''}
    ${next === undefined ? '' : html`<p>${sentence(next)}</p>`}`;
}

/** Bars of the chart: what fits on a phone. */
const BARS = 30;
/** Pixels. */
const [BAR, GAP, STEP] = [8, 2, 10];

/** A bar for each run, as high as its level; each says itself what it is. @param runs oldest first */
function chart(runs: readonly RunRecord[]): Html {
  const height = (topLevel + 1) * STEP;
  const words = runs.map((run) => `${run.level ?? 0}`).join(', ');
  return html`<svg class="chart" width="${runs.length * (BAR + GAP)}" height="${height}" role="img" aria-label="Levels, oldest first: ${words}">${runs.map(
    (run, index) => {
      const tall = ((run.level ?? 0) + 1) * STEP - GAP;
      return html`<rect class="${colour(run)}" x="${index * (BAR + GAP)}" y="${height - tall}" width="${BAR}" height="${tall}"><title>${standing(run)}, level ${run.level ?? 0}: ${run.request.commit.slice(0, 8)}</title></rect>`;
    },
  )}</svg>`;
}
