import { topLevel } from '@cc-ci/shared/contract/glossary';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { html } from 'hono/html';
import type { Html } from './layout.ts';

/** What a badge shows beside `cc-ci`. */
export interface BadgeFacts {
  readonly words: string;
  readonly colour: keyof typeof colours;
}

/** Dark enough for white letters: a contrast of 4.5 or more. */
const colours = { passed: '#2a7a2f', amber: '#8a5a00', failed: '#b3261e', unknown: '#5f6368' } as const;

const LABEL = 'cc-ci';
const HEIGHT = 20;
const PADDING = 7;
/** Of the mean letter of an 11 px sans-serif; the text is then fitted to the width by the browser. Pixels. */
const LETTER_WIDTH = 6.6;

/** @param run what the recipe is known by; undefined: nothing is known, or nothing that whoever asks may know */
export function badgeOf(run: RunRecord | undefined): BadgeFacts {
  if (!run) return { words: 'not tested yet', colour: 'unknown' };
  const level = `level ${run.level ?? 0} of ${topLevel}`;
  if (run.verdict === 'passed') return { words: level, colour: run.amber ? 'amber' : 'passed' };
  return { words: run.cause?.tier ? `failed at ${run.cause.tier}, ${level}` : 'failed', colour: 'failed' };
}

/** A badge as SVG, which a screen reader reads as one sentence. */
export function badgeSvg({ words, colour }: BadgeFacts, recipe: string): Html {
  const [left, right] = [widthOf(LABEL), widthOf(words)];
  const title = `${LABEL}, ${recipe}: ${words}`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" role="img" aria-label="${title}"><title>${title}</title><rect width="${left}" height="${HEIGHT}" fill="#3c4043"/><rect x="${left}" width="${right}" height="${HEIGHT}" fill="${colours[colour]}"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle"><text x="${left / 2}" y="14" textLength="${left - 2 * PADDING}">${LABEL}</text><text x="${left + right / 2}" y="14" textLength="${right - 2 * PADDING}">${words}</text></g></svg>`;
}

function widthOf(text: string): number {
  return Math.round(text.length * LETTER_WIDTH) + 2 * PADDING;
}
