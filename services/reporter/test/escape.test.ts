import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { cell, code, name, prose, quotedLines } from '../src/render/escape.ts';

const markdown = new MarkdownIt({ html: true, linkify: true });

/** What a forge shows for some Markdown, tags taken away and characters as they are seen. */
function seen(text: string): string {
  const characters: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };
  return markdown
    .render(text)
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:lt|gt|quot|amp);/g, (entity) => characters[entity] ?? entity)
    .replace(/\u200b/g, '')
    .trim();
}

/** Strings made mostly of what Markdown and forges act on. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('`', '``', '*', '_', '[', '](', ')', '<', '>', '|', '#', '@', '!', '\\', '&lt;', '~~', '---', '\n', '\t'),
      fc.constantFrom(
        '<!-- cc-ci:progress:demo:8f3a2c -->',
        '</code>',
        '<img src=x>',
        '!testme',
        '@ana',
        '#12',
        'coop/app#3',
        'closes #4',
      ),
      fc.constantFrom('https://evil.example', 'www.evil.example', '4be91c07', '\u202e', '\u001b[31m', '1. ', '- ', '$x$'),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('foreign text as code', () => {
  it.each([
    ['is quoted', 'postgres:15', '`postgres:15`'],
    ['keeps its backticks', 'a `b` c', '``a `b` c``'],
    ['is told apart from its fence', '`b', '`` `b ``'],
    ['becomes one line', 'one\r\ntwo\u2028three', '`one two three`'],
    ['loses colours and directions', '\u001b[31mred\u001b[0m \u202eevil', '`red evil`'],
    ['is named when it is empty', ' \n ', '`(empty)`'],
    ['is cut when it is long', 'x'.repeat(400), `\`${'x'.repeat(300)}…\``],
  ])('%s', (_, foreign, expected) => expect(code(foreign)).toBe(expected));

  it('is shown as one code span and nothing else, whatever it is', () => {
    fc.assert(
      fc.property(hostile, (foreign) => {
        const html = markdown.renderInline(`before ${code(foreign)} after`);
        expect(html).toMatch(/^before <code>[^<]*<\/code> after$/);
      }),
    );
  });
});

describe('a foreign name', () => {
  it.each([
    ['stays plain when it is plain', 'hedgedoc', 'hedgedoc'],
    ['stays plain with a dash', 'backup-bot-two', 'backup-bot-two'],
    ['is code when it reads as a commit', 'deadbeef', '`deadbeef`'],
    ['is code when it could be a link', 'www.example.org', '`www.example.org`'],
    ['is code when it mentions somebody', '@ana', '`@ana`'],
    ['is code when it is markup', '_x_', '`_x_`'],
  ])('%s', (_, foreign, expected) => expect(name(foreign)).toBe(expected));
});

describe('a sentence of ours', () => {
  it.each([
    ['keeps its code spans', '`db` exited with `FATAL: x`.', '`db` exited with `FATAL: x`.'],
    ['shows markup as characters', 'a *b* [c](d) <e>', String.raw`a \*b\* \[c\](d) \<e\>`],
    ['mentions nobody', 'ask @ana', 'ask @\u200bana'],
    ['refers to nothing', 'closes #12 and coop/app#3', 'closes #\u200b12 and coop/app#\u200b3'],
    ['names no commit', 'at 4be91c07', 'at 4\u200bbe91c07'],
    ['links nowhere', 'see https://evil.example', 'see https:\u200b//evil.example'],
    ['starts no list', '- one', '\u200b- one'],
    ['starts with no command', '!testme now', '\u200b!\u200btestme now'],
    ['starts with no command in code', '`!testme` was said', '\u200b`!testme` was said'],
    ['closes a span that is cut short', 'an open ` tick', String.raw`an open \` tick`],
  ])('%s', (_, sentence, expected) => expect(prose(sentence)).toBe(expected));

  it('is shown as the characters that it has, whatever they are', () => {
    fc.assert(
      fc.property(hostile, (foreign) => {
        const html = markdown.render(prose(`x ${foreign} x`));
        expect(html.replace(/<code>[^<]*<\/code>/g, '')).toMatch(/^<p>[^<]*<\/p>\n$/);
      }),
    );
  });

  it('never opens a block, whatever it starts with', () => {
    fc.assert(
      fc.property(hostile, (foreign) => {
        expect(markdown.render(prose(foreign))).toMatch(/^(?:<p>[^\n]*<\/p>\n)?$/);
      }),
    );
  });

  it('never ends a cell of a table', () => {
    fc.assert(
      fc.property(hostile, (foreign) => {
        expect(cell(foreign)).not.toContain('|');
      }),
    );
  });
});

describe('foreign lines as a quote', () => {
  it('are at most as many as wanted, without the empty ones', () => {
    expect(quotedLines('one\n\n  two\nthree', 2)).toEqual(['> `one`', '> `two`']);
  });

  it('never start with a command, also where quote marks and code are lost', () => {
    fc.assert(
      fc.property(hostile, (foreign) => {
        for (const line of quotedLines(foreign, 12)) expect(line.replace(/^> `* ?/, '')).not.toMatch(/^\s*!\w/);
      }),
    );
    expect(quotedLines('!testme', 1)).toEqual(['> \u200b`!testme`']);
  });

  it('are seen as they are', () => {
    expect(seen(quotedLines('<script>alert(1)</script>', 1).join('\n'))).toBe('<script>alert(1)</script>');
  });
});
