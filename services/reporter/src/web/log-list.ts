import type { RunRecord } from '@cc-ci/shared/contract/run';
import type { LogLine } from '@cc-ci/shared/runs/log-stream';
import { counted } from '@cc-ci/shared/service/counted';
import { html } from 'hono/html';
import type { Html } from './layout.ts';

/** Lines on a page: what somebody reads there. All of them are one click away, as text. */
const LAST_LINES = 80;
const BEFORE_CAUSE = 10;
const AFTER_CAUSE = 20;
/** Of one line, in characters. */
const LONGEST_LINE = 240;

/** Lines from the first to before the last of these, counted from 0. */
type Part = readonly [from: number, to: number];

/**
 * Which lines of a log are shown: the last ones, and those around the one that the cause rests on.
 * @param count of all lines
 */
export function partsShown(count: number, cause: number | undefined): Part[] {
  const end: Part = [Math.max(0, count - LAST_LINES), count];
  if (count === 0) return [];
  if (cause === undefined || cause >= end[0]) return [end];
  const [from, to] = [Math.max(0, cause - BEFORE_CAUSE), cause + AFTER_CAUSE + 1];
  return to >= end[0] ? [[from, count]] : [[from, to], end];
}

/**
 * The log of a run as far as a page shows it; its script adds what comes.
 * @param cause index of the line that the cause rests on
 */
export function logList(run: Pick<RunRecord, 'id'>, lines: readonly LogLine[], isLive: boolean, cause: number | undefined): Html {
  if (lines.length === 0 && !isLive) return html`<p>There are no lines.</p>`;
  const after = lines.at(-1)?.id ?? '0';
  const live = isLive ? html`data-live="/runs/${run.id}/log" data-after="${after}" data-lines="${lines.length}"` : '';
  const parts = partsShown(lines.length, cause);
  const items = parts.map(([from, to], index) => {
    const left = from - (parts[index - 1]?.[1] ?? 0);
    const gap =
      left === 0
        ? ''
        : html`<li class="gap">${counted(left, 'lines')} not shown here: <a href="/runs/${run.id}/log">all as plain text</a></li>`;
    return html`${gap}${lines.slice(from, to).map((line, offset) => item(line, from + offset, from + offset === cause))}`;
  });
  return html`<ol class="log" ${live}>${items}</ol>`;
}

function item({ from, text }: LogLine, index: number, isCause: boolean): Html {
  const number = index + 1;
  const shown = text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE)}…`;
  return html`<li id="L${number}"><a href="#L${number}">${number}</a><span class="quiet">${from}</span><span ${isCause ? html`id="cause"` : ''}>${shown}</span></li>`;
}
