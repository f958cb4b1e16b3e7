import MarkdownIt, { type Token } from 'markdown-it';

/** What a comment's writer says, apart from what is quoted, shown as code, or hidden. */
export interface OwnWords {
  /** The lines at the top level of the comment that begin with plain text, as their readers see them. */
  readonly lines: readonly string[];
  /** All text outside of quotes and code, those lines among it. */
  readonly text: string;
}

/** Forges take comments of any length. A command stands near the top, and reading must not become the attack. */
const LONGEST_COMMENT = 64 * 1024;

/** CommonMark, as the forge renders it. Escaped characters stay apart from text, since `\!` does not start a command. */
const markdown = new MarkdownIt('commonmark', { html: true }).disable('text_join');

/** Reads Markdown by a stranger; never throws. What stands after the first 64 KiB is not read. */
export function ownWords(body: string): OwnWords {
  const source = body.slice(0, LONGEST_COMMENT);
  const written = source.split(/\r\n|\r|\n/);
  const tokens = markdown.parse(source, {});
  const lines: string[] = [];
  const text: string[] = [];
  let quotes = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'blockquote_open') quotes += 1;
    if (token.type === 'blockquote_close') quotes -= 1;
    if (token.type !== 'inline') continue;
    const children = linesOf(token);
    if (quotes > 0) text.push(...unmarked(written.slice(...(token.map ?? [0, 0]))));
    else text.push(...children.map(textOf));
    if (startsAtFirstColumn(tokens[index - 1])) lines.push(...children.filter(beginsWithText).map(shown));
  }
  return { lines, text: text.join('\n') };
}

/** A top-level paragraph, also one that a mail's `--` below it has turned into a heading. */
function startsAtFirstColumn(opening: Token | undefined): boolean {
  if (opening?.level !== 0) return false;
  return opening.type === 'paragraph_open' || (opening.type === 'heading_open' && !opening.markup.startsWith('#'));
}

function linesOf(paragraph: Token): Token[][] {
  const lines: Token[][] = [[]];
  for (const child of paragraph.children ?? []) {
    if (child.type === 'softbreak' || child.type === 'hardbreak') lines.push([]);
    else lines.at(-1)?.push(child);
  }
  return lines;
}

function beginsWithText(line: readonly Token[]): boolean {
  return line[0]?.type === 'text' && line[0].content !== '';
}

/** What a reader sees of a line; code keeps its marks, so that it is not taken for text. */
function shown(line: readonly Token[]): string {
  return line
    .map((token) => (token.type === 'code_inline' ? `\`${token.content}\`` : visible(token)))
    .join('')
    .trim();
}

function textOf(line: readonly Token[]): string {
  return line.map((token) => (token.type === 'code_inline' ? ' ' : visible(token))).join('');
}

function visible(token: Token): string {
  return token.type === 'html_inline' ? '' : token.content;
}

/** Lines that are shown as part of a quote only because no empty line parts them from it: their writer did not mark them. */
function unmarked(quoted: readonly string[]): string[] {
  return quoted.filter((line) => !/^[\s\d.)*+-]*>/.test(line));
}
