import type { Cause } from '@cc-ci/shared/contract/run';
import { code, quotedLines } from './escape.ts';

/** Evidence is for a glance; the run page has the whole log. */
const MOST_LINES = 12;

/** The lines that a cause rests on, quoted; the first one of each source names it. */
export function evidenceLines(evidence: Cause['evidence']): string[] {
  const quoted: string[] = [];
  let source: string | undefined;
  for (const each of evidence) {
    const [first, ...rest] = quotedLines(each.text, MOST_LINES - quoted.length);
    if (first === undefined) continue;
    quoted.push(each.source === source ? first : `> ${code(each.source)}: ${first.slice('> '.length)}`, ...rest);
    source = each.source;
  }
  return quoted;
}
