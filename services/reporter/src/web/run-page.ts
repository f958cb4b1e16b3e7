import type { Attempt, RunRecord, Step } from '@cc-ci/shared/contract/run';
import type { LogLine } from '@cc-ci/shared/runs/log-stream';
import { html } from 'hono/html';
import { cleanUpSentence } from '../render/clean-up.ts';
import { clock, dateAndClock } from '../render/duration.ts';
import { findingSentence } from '../render/findings.ts';
import { levelWords } from '../render/level.ts';
import { shortCommit } from '../render/links.ts';
import { nextStep } from '../render/next-step.ts';
import { askedBy } from '../render/progress.ts';
import { resourcesSentence } from '../render/resources.ts';
import { type Html, link, type Page, sentence } from './layout.ts';
import { logList } from './log-list.ts';
import { table } from './table.ts';
import { colour, marks, standing, stepStanding } from './verdict.ts';

/** How soon a browser without scripts looks again while a run goes on. */
const RELOAD_SECONDS = 10;

export interface RunPageFacts {
  readonly run: RunRecord;
  readonly lines: readonly LogLine[];
  /** Whether the run still says something. */
  readonly isLive: boolean;
  /** What a queued run waits for. */
  readonly waitsFor: string | undefined;
  /** Unix milliseconds. */
  readonly now: number;
}

/** The page of one run: where it stands, its steps, why, what is left, and its log. */
export function runPage({ run, lines, isLive, waitsFor, now }: RunPageFacts): Page {
  const cause = causeLine(run, lines);
  return {
    title: `${standing(run)}: ${run.request.recipe} ${shortCommit(run.request.commit)}`,
    body: html`
      <div id="facts">${runFacts(run, waitsFor, cause, now)}</div>
      <h2 id="log">Log</h2>
      <p class="quiet"><a href="/runs/${run.id}/log">As plain text</a>${byStep(run)} · <a href="/api/runs/${run.id}">the record as JSON</a>${
        run.verdict === null ? '' : html` · <a href="/runs/${run.id}/results.json">results.json</a>`
      }</p>
      ${logList(run, lines, isLive, cause)} ${isLive ? html`<script src="/assets/live.js" defer></script>` : ''}
    `,
    ...(isLive && { reload: RELOAD_SECONDS }),
  };
}

/** All of the page that changes while the run goes on, except its log. `cause`: index of the line that shows it. */
export function runFacts(run: RunRecord, waitsFor: string | undefined, cause: number | undefined, now: number): Html {
  const { request } = run;
  return html`
    <h1><span class="${colour(run)}">${standing(run)}:</span> <code>${shortCommit(request.commit)}</code> of ${request.recipe}</h1>
    <p>${request.pull ? html`${link(request.pull.url, `Pull request ${request.pull.number}`)}. ` : ''}${sentence(askedBy(request))}</p>
    <p class="quiet">Run ${run.id}, asked for at ${dateAndClock(run.createdAt)}${run.endedAt === null ? '' : `, ended at ${dateAndClock(run.endedAt)}`}.
      Commit <code>${request.commit}</code></p>
    ${waitsFor === undefined ? '' : html`<p>${waitsFor}</p>`}
    ${run.standIns ? html`<p>Tested with stand-in images: this shows how cc-ci works, it says nothing of the real app.</p>` : ''}
    ${run.level === null ? '' : html`<p>${levelWords(run.level)}.${run.resources ? ` ${resourcesSentence(run.resources)}` : ''}</p>`}
    ${run.steps.length === 0 ? '' : timeLine(run, now)} ${doing(run)} ${why(run, cause === undefined)} ${leftovers(run)}
    ${run.attempts.length === 0 ? '' : attempts(run.attempts)}
  `;
}

/** Links to what was said in each step that was made. */
function byStep({ id, steps }: RunRecord): Html {
  const made = steps.filter(({ startedAt }) => startedAt !== null);
  return html`${made.map(({ tier }) => html`, <a href="/runs/${id}/log?from=${tier}">${tier}</a>`)}`;
}

function timeLine(run: RunRecord, now: number): Html {
  return html`<h2>Steps</h2>
    <ol class="steps">${run.steps.map((step) => stepItem(step, now))}</ol>`;
}

function stepItem(step: Step, now: number): Html {
  const { words, colour } = stepStanding(step, now);
  const details = [step.note, step.reason].filter((text) => text !== null);
  const findings = step.findings.map((finding) => html`<li>${sentence(findingSentence(finding))}</li>`);
  const tests = step.tests.map(
    ({ name, state, said }) => html`<li>${marks[state]} ${name}${said === '' ? '' : html`<pre>${said}</pre>`}</li>`,
  );
  return html`<li class="${colour}"><strong>${step.tier}</strong><span>${words}</span>
    ${details.map((text) => html`<span class="quiet">${sentence(text)}</span>`)}
    ${tests.length === 0 ? '' : html`<ul class="quiet">${tests}</ul>`}
    ${findings.length === 0 ? '' : html`<ul class="quiet">${findings}</ul>`}</li>`;
}

function doing({ doing }: RunRecord): Html {
  if (doing === null) return html``;
  return html`<p>Now: ${sentence(doing.what)}${doing.until === null ? '' : ` (allowed until ${clock(doing.until)})`}.</p>`;
}

function why({ cause }: RunRecord, isAnchor: boolean): Html {
  if (cause === null) return html``;
  return html`<h2 ${isAnchor ? html`id="cause"` : ''}>Why</h2>
    <p>${sentence(cause.sentence)}${cause.fault === 'ours' ? ' This is trouble of cc-ci, the change is not the reason.' : ''}</p>
    ${cause.evidence.map(({ text, source }) => html`<p class="quiet"><code>${source}</code></p><pre>${text}</pre>`)}
    ${cause.remedy === null ? '' : html`<p>${sentence(nextStep(cause.remedy))}</p>`}`;
}

function leftovers(run: RunRecord): Html {
  const said = cleanUpSentence(run);
  const left = run.attempts.flatMap(({ cleanup }) => (cleanup.state === 'pending' ? [] : cleanup.left));
  if (said === undefined) return html``;
  return html`<h2>Clean-up</h2>
    <p>${sentence(said)}</p>
    ${left.length === 0 ? '' : html`<ul>${left.map((thing) => html`<li><code>${thing}</code></li>`)}</ul>`}`;
}

function attempts(all: readonly Attempt[]): Html {
  const rows = all.map(
    (attempt) => html`<tr><td>${attempt.number}</td><td>${attempt.host}</td><td><code>${attempt.stack}</code></td>
      <td>${clock(attempt.startedAt)}</td><td>${attempt.endedAt === null ? '' : clock(attempt.endedAt)}</td>
      <td>${attempt.lostTo === null ? '' : sentence(attempt.lostTo)}</td></tr>`,
  );
  return html`<h2>Attempts</h2>${table(['Attempt', 'Host', 'Stack', 'From', 'To', 'Ended because'], rows)}`;
}

/** Index of the first line that the run's cause rests on; undefined when none shows it. */
export function causeLine({ cause }: RunRecord, lines: readonly LogLine[]): number | undefined {
  const shown =
    cause?.evidence
      .flatMap(({ text }) => text.split('\n'))
      .map((text) => text.trim())
      .filter((text) => text !== '') ?? [];
  const index = lines.findIndex((line) => shown.some((text) => line.text.includes(text)));
  return index === -1 ? undefined : index;
}
