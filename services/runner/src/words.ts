import { stripVTControlCharacters } from 'node:util';
import { scrub } from '@cc-ci/shared/service/scrub';

/** More of a foreign word than this helps nobody. Characters. */
const LONGEST_WORD = 200;
/** A line of evidence is read, not studied. Characters. */
const LONGEST_EVIDENCE = 300;

/** A foreign word as a Markdown code span that it cannot leave. */
export function code(word: string): string {
  const harmless = word.replaceAll(/[`\r\n]+/g, ' ').trim();
  return `\`${harmless.length > LONGEST_WORD ? `${harmless.slice(0, LONGEST_WORD)}…` : harmless}\``;
}

/** The text without the names of other apps on this host: an engine's error may tell whom one shares it with. */
export function withoutNeighbours(text: string, stack: string): string {
  return text.replaceAll(/(?<![a-z0-9])[a-z][a-z0-9]{0,3}-[0-9a-f]{6}(?![a-z0-9])/g, (name) =>
    // abra's stacks go on with the domain of the apps.
    name === stack.split('_')[0] ? name : 'another-app',
  );
}

/** One line of foreign text, ready to be kept: no secret, no neighbour, no terminal colours, not endless. */
export function asEvidence(line: string, stack: string): string {
  // Colours and other control characters of terminals are noise in a comment.
  const plain = stripVTControlCharacters(line)
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
  const safe = withoutNeighbours(scrub(plain), stack);
  return safe.length > LONGEST_EVIDENCE ? `${safe.slice(0, LONGEST_EVIDENCE)}…` : safe;
}

const TROUBLE =
  /\b(?:fatal|panic|error|err|emerg|crit|exception|traceback|failed|cannot|can't|unable|denied|refused|incompatible|invalid|not found|no such|missing|killed|out of memory)\b/i;

/** The lines that say most about a failure, in their order: those that speak of trouble, the last ones before others. */
export function telling(lines: readonly string[], count: number): string[] {
  const said = lines.map((text, at) => ({ text, at })).filter(({ text }) => text.trim() !== '');
  const ranked = said.toSorted((a, b) => Number(TROUBLE.test(b.text)) - Number(TROUBLE.test(a.text)) || b.at - a.at);
  const chosen = ranked.slice(0, count).toSorted((a, b) => a.at - b.at);
  return chosen.filter(({ text }, index) => text !== chosen[index - 1]?.text).map(({ text }) => text);
}

/** A sentence as a part of another one. */
export function withoutFullStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
