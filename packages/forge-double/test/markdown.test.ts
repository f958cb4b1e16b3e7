import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../src/markdown.ts';

describe('a rendered comment', () => {
  it.each([
    ['bold', '**Passed**', '<strong>Passed</strong>'],
    ['a quote', '> it exited', '<blockquote>'],
    ['code', '`4be91c07`', '<code>4be91c07</code>'],
    ['a table', '| a | b |\n|---|---|\n| 1 | 2 |', '<td>1</td>'],
    ['a link', '[log](https://ci.example.org/1)', '<a href="https://ci.example.org/1">log</a>'],
    ['a line break', 'one\ntwo', 'one<br>'],
    ['a fold', '<details><summary>Log</summary>\n\n`x`\n\n</details>', '<details><summary>Log</summary>'],
  ])('shows %s', (_, text, expected) => {
    expect(renderMarkdown(text)).toContain(expected);
  });

  it.each([
    ['at the top', '<!-- cc-ci:run:8f3a2c:1 -->\n**Testing**'],
    ['within a line', 'a <!-- cc-ci:run:8f3a2c:1 --> word'],
    ['over several lines', '<!-- cc-ci:run:8f3a2c:1\nmore -->\nword'],
  ])('hides an HTML comment %s', (_, text) => {
    expect(renderMarkdown(text)).not.toContain('cc-ci:run');
  });

  it.each([
    ['a script', '<script>alert(1)</script>'],
    ['a script in a quote', '> <script>alert(1)</script>'],
    ['an image with a handler', 'x <img src=x onerror=alert(1)>'],
    ['a fold with a handler', '<details open onclick="alert(1)">'],
    ['an unfinished tag', '<details <script>alert(1)</script>'],
    ['a frame', '<iframe src="https://example.org"></iframe>'],
    ['a comment that ends early', '<!--><script>alert(1)</script>-->'],
    ['a link that is a script', '[x](javascript:alert(1))'],
    ['a link that breaks out', '[x](https://example.org/"onmouseover="alert(1))'],
  ])('lets nothing run: %s', (_, text) => {
    const html = renderMarkdown(text);
    const tags = [...html.matchAll(/<\/?([a-z0-9]+)([^>]*)>/g)].map(([, name, rest]) => `${name}${rest}`);
    expect(tags.filter((tag) => !/^(?:p|blockquote|details|a|a href="https:\/\/[^"]*")$/.test(tag))).toEqual([]);
  });
});
