// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose and shell.
import { describe, expect, it } from 'vitest';
import { envValues, parseEnvSample } from '../src/env-sample.ts';

const valuesOf = (text: string) => envValues(parseEnvSample(text));

describe('a value of .env.sample', () => {
  it.each([
    ['is taken as it stands', 'A=b', 'b'],
    ['may be empty', 'A=', ''],
    ['loses blanks around it', 'A =  b  ', 'b'],
    ['keeps blanks inside without quotes', 'A=/ /var/lib/docker', '/ /var/lib/docker'],
    ['keeps an equals sign', 'A=b=c', 'b=c'],
    ['ends before a comment', 'A=v1    # length=64', 'v1'],
    ['is empty when only a comment follows', 'A= # choose one', ''],
    ['keeps a # inside a word', 'A=#ff0000#x', '#ff0000#x'],
    ['loses its double quotes', 'A="b c" # why', 'b c'],
    ['keeps a # in quotes', 'A="b # c"', 'b # c'],
    ['keeps backticks and dollars in single quotes', "A=', `www.$B`'", ', `www.$B`'],
    ['keeps a cron line in single quotes', "A='*/5 * * * *'", '*/5 * * * *'],
    ['goes on over lines in double quotes', 'A="b\nc"', 'b\nc'],
    ['knows escapes in double quotes', 'A="say \\"b\\"\\n"', 'say "b"\n'],
    ['keeps an escaped dollar', 'A="\\$b"', '$b'],
    ['may be exported', 'export A=b', 'b'],
    ['may come from a file with CRLF', 'A="b\r\nc"\r\n', 'b\nc'],
    ['is that of the last assignment', 'A=b\nA=c', 'c'],
  ])('%s', (_, text, expected) => expect(valuesOf(text)['A']).toBe(expected));

  it.each([
    ['of an earlier variable', 'X=1\nA="$X/${X}"', '1/1'],
    ['of an earlier value of itself', 'A="compose.yml"\nA="$A:compose.smtp.yml"', 'compose.yml:compose.smtp.yml'],
    ['of an unknown variable as nothing', 'A=a${NOPE}b', 'ab'],
    ['never of a later variable', 'A=$X\nX=1', ''],
  ])('takes the value %s', (_, text, expected) => expect(valuesOf(text)['A']).toBe(expected));

  it('is not set by a commented line', () => expect(valuesOf('#A=b\n# A=c')).toEqual({}));

  it('yields to a fixed value, also where others refer to it', () => {
    const sample = parseEnvSample('DOMAIN=x.example.com\nMEDIA=media.$DOMAIN');
    expect(envValues(sample, { DOMAIN: 'a.test' })).toEqual({ DOMAIN: 'a.test', MEDIA: 'media.a.test' });
  });
});

describe('values that double at each step', () => {
  it('are refused', () => {
    const text = `A=xxxxxxxxxx\n${'A=$A$A\n'.repeat(100)}`;
    expect(() => valuesOf(text)).toThrow('`.env.sample` line 17: `A` unfolds without end. Write out what it stands for.');
  });
});

describe('a secret modifier', () => {
  it.each([
    ['length', 'S=v1 # length=128', { length: 128, generate: true }],
    ['length and charset', 'S=v1   # length=32 charset=hex', { length: 32, charset: 'hex', generate: true }],
    ['combined charsets', 'S=v1 # charset=default,special', { charset: 'default,special', generate: true }],
    ['generate=false', 'S=v1 # generate=false', { generate: false }],
    ['among words', 'S="v1" # at least length=20 please', { length: 20, generate: true }],
  ])('is read: %s', (_, text, expected) => expect(parseEnvSample(text).secretModifiers['S']).toEqual(expected));

  it('is nothing where the comment says nothing', () => expect(parseEnvSample('S=v1 # the key').secretModifiers).toEqual({}));
});

describe('.env.sample', () => {
  it.each([
    ['a line that is no assignment', 'A=1\n\nplainly wrong\n', '`.env.sample` line 3: `plainly wrong` is not an assignment.'],
    ['an open quote', 'A=1\nB="x\n', '`.env.sample` line 2: the quote " of `B` is never closed.'],
    ['text behind a quote', 'A="x"y', '`.env.sample` line 1: `y` follows the closing quote of `A`.'],
    ['a length that is none', 'A="\n"\nS=v1 # length=long', '`.env.sample` line 3: `length=long` is not a length.'],
    ['a length beyond reason', 'S=v1 # length=999999999', '`.env.sample` line 1: `length=999999999` is not a length.'],
  ])('is refused for %s', (_, text, message) => expect(() => parseEnvSample(text)).toThrow(message));
});
