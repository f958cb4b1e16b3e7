// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of a shell.
import { describe, expect, it } from 'vitest';
import { readExports } from '../src/abra-sh.ts';

describe('an export of abra.sh', () => {
  it.each([
    ['plain', 'export A=v1', { A: 'v1' }],
    ['with a comment', 'export A=v1 # bump me', { A: 'v1' }],
    ['in double quotes', 'export A="v 1"', { A: 'v 1' }],
    ['in single quotes, unexpanded', "export A='$B'", { A: '$B' }],
    ['in parts', `export A=a"b"'c'`, { A: 'abc' }],
    ['several on a line', 'export A=1 B="2"; export_is_over', { A: '1', B: '2' }],
    ['of an earlier one', 'export A=v1\nexport B="${A}-$A"', { A: 'v1', B: 'v1-v1' }],
    ['of an unknown variable', 'export A=x$NOPE', { A: 'x' }],
    ['empty', 'export A=', { A: '' }],
    ['the last of two', 'export A=1\nexport A=2', { A: '2' }],
    ['on Windows lines', 'export A=1\r\nexport B=2\r\n', { A: '1', B: '2' }],
  ])('is read: %s', (_, text, expected) => expect(readExports(text)).toEqual({ exports: expected, leftOut: [] }));

  it.each([
    ['a command', 'export A=$(date)'],
    ['a command in quotes', 'export A="$(date)"'],
    ['backticks', 'export A="x`id`"'],
    ['a parameter operator', 'export A=${B:-c}'],
    ['an open quote', 'export A="b'],
    ['a subshell', 'export A=(1 2)'],
  ])('is left out and listed when its value is %s', (_, text) => {
    expect(readExports(`#!/bin/bash\n${text}`)).toEqual({ exports: {}, leftOut: [{ name: 'A', line: 2 }] });
  });

  it('is left out when it doubles at each step', () => {
    const { exports, leftOut } = readExports(`export A=xxxxxxxxxx\n${'export A=$A$A\n'.repeat(100)}`);
    expect(exports['A']?.length).toBeLessThan(1_000_000);
    expect(leftOut).toContainEqual({ name: 'A', line: 101 });
  });

  it.each([
    ['inside a function', 'backup() {\n  export A=1\n}'],
    ['in a comment', '# export A=1'],
    ['without the word', 'A=1'],
    ['without a value', 'export A'],
  ])('is not seen %s', (_, text) => expect(readExports(text)).toEqual({ exports: {}, leftOut: [] }));
});
