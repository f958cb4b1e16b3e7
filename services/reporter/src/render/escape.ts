import { stripVTControlCharacters } from 'node:util';

/**
 * Foreign text on its way into Markdown. Log lines, names and versions are written by strangers: they may hold markup,
 * mentions, references to other issues, colour codes, or a command for a bot. Whatever comes out of here is seen as the
 * characters that it is, and does nothing.
 */

/** What a reader takes in at a glance; the run page has the rest. */
const LONGEST_SPAN = 300;
/** Splits a token that a forge or a mail client would act on, and is not seen. */
const BREAK = '\u200b';

/** A name as plain text where it is plainly one, e.g. `hedgedoc` or `boris`; otherwise as code. */
export function name(foreign: string): string {
  const isPlain = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/i.test(foreign) && foreign.length <= 60;
  return isPlain && !isHexWord(foreign) ? foreign : code(foreign);
}

/** One line of foreign text as a code span, cut after `limit` characters. */
export function code(foreign: string, limit = LONGEST_SPAN): string {
  const line = oneLine(foreign, limit) || '(empty)';
  const longestRun = Math.max(0, ...Array.from(line.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return fence + pad + line + pad + fence;
}

/** A sentence of ours that may quote foreign text in code spans: the spans stay, all else is shown as it is written. */
export function prose(sentence: string): string {
  const escaped = spansOf(sentence)
    .map(({ isCode, text }) => (isCode ? code(text) : inert(text)))
    .join('');
  return startsABlock(escaped) ? BREAK + escaped : guarded(escaped);
}

/** A sentence of ours in parts: code spans, and the text between them. For Markdown as for HTML. */
export function spansOf(sentence: string): { isCode: boolean; text: string }[] {
  return oneLine(sentence, Number.POSITIVE_INFINITY)
    .split(/(?<!`)(`+(?!`).*?(?<!`)`+(?!`))/g)
    .map((part, index) => (index % 2 === 1 ? spanOf(part) : { isCode: false, text: part }))
    .filter(({ text }) => text !== '');
}

/** The same within a cell of a table, where a bar would end the cell. */
export function cell(sentence: string): string {
  return prose(sentence).replaceAll('|', '¦');
}

/** Text of several lines as quoted lines of code, at most `limit` of them. */
export function quotedLines(foreign: string, limit: number): string[] {
  const lines = foreign.split(/\r\n|[\r\n\u2028\u2029]/).filter((line) => oneLine(line, 1) !== '');
  return lines.slice(0, limit).map((line) => `> ${guarded(code(line))}`);
}

/** A stranger's backtick may have cut a span short: then it is none. */
function spanOf(part: string): { isCode: boolean; text: string } {
  const [, open = '', inner = '', close = ''] = /^(`+)(.*?)(`+)$/.exec(part) ?? [];
  return open !== '' && open.length === close.length ? { isCode: true, text: inner } : { isCode: false, text: part };
}

/** Plain text in which nothing is markup, a mention, a reference, a link or a commit. */
function inert(text: string): string {
  return text
    .replace(/[\\`*_[\]<>~&$^]/g, '\\$&')
    .replace(/[@#!](?=\w)/g, `$&${BREAK}`)
    .replace(/:(?=\/\/)/g, `:${BREAK}`)
    .replace(/\bwww(?=\.)/gi, `$&${BREAK}`)
    .replace(/\b[0-9a-f]{7,64}\b/g, (word) => word.slice(0, 1) + BREAK + word.slice(1));
}

function oneLine(text: string, limit: number): string {
  const line = stripVTControlCharacters(text.toWellFormed())
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    // Directions and invisible characters can make a line read as something that it is not.
    .replace(/\p{Cf}/gu, '')
    .trim();
  return line.length <= limit ? line : `${line.slice(0, limit).toWellFormed()}…`;
}

/** Mail clients lose quote marks and code, so what they send back would be a command at the start of a line. */
function guarded(line: string): string {
  return /^\W*!\w/.test(line) ? BREAK + line : line;
}

function startsABlock(line: string): boolean {
  return /^(?:[-+=#|:!]|\d+[.)])/.test(line);
}

/** Seven hex digits or more are taken for a commit. */
function isHexWord(word: string): boolean {
  return /^[0-9a-f]{7,64}$/i.test(word);
}
