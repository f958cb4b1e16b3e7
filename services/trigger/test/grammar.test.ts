import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readComment } from '../src/grammar.ts';

const word = '!testme';
const sha = '4be91c07d1a2b3c4d5e6f708192a3b4c5d6e7f80';
const read = (body: string) => readComment(body, word);
const lines = (...all: string[]): string => all.join('\n');

const run = { kind: 'run', commit: null, extraTests: false, stages: null };
const passing = { kind: 'mention', where: 'passing' };
const notOwnWords = { kind: 'mention', where: 'not-own-words' };
const nothing = { kind: 'nothing' };

describe('a comment', () => {
  it.each([
    ['is the bare word', '!testme'],
    ['is the word in capitals', '!TestMe'],
    ['has blanks around the word', '  !testme \t '],
    ['has Windows line ends', 'Looks good.\r\n\r\n!testme\r\n'],
    ['has the word on a line of its own below prose', lines('Thanks, this fixes it.', '!testme')],
    ['has the word above prose', lines('!testme', '', 'The database bump is what I worry about.')],
    ['has the word directly above prose', lines('!testme', 'The database bump is what I worry about.')],
    ['answers a quote with an empty line between', lines('> Does it still upgrade?', '', '!testme')],
    ['has the word after closed code', lines('```', 'docker ps', '```', '!testme')],
    ['has the word after code in a list', lines('- ```', '  docker ps', '  ```', '', '!testme')],
    ['has the word after a finished HTML comment', lines('<!-- note -->', '', '!testme')],
    ['is followed by a mail signature', lines('!testme', '--', 'Boris')],
    ['asks twice for the same', lines('!testme', '', '!testme')],
    ['uses the alias', '!testme retry'],
  ])('asks for a run when it %s', (_, body) => {
    expect(read(body)).toEqual(run);
  });

  it.each([
    ['in full', `!testme ${sha}`],
    ['in capitals', `!testme ${sha.toUpperCase()}`],
  ])('asks for a commit when it names one %s', (_, body) => {
    expect(read(body)).toEqual({ ...run, commit: sha });
  });

  it.each(['!testme --extra-tests', '!testme --Extra-Tests'])('asks for extra tests: %s', (body) => {
    expect(read(body)).toEqual({ ...run, extraTests: true });
  });

  it.each([
    ['!testme --stages=upgrade,install', ['install', 'upgrade']],
    ['!testme --Stages=EXTRA', ['extra']],
    ['!testme --stages=lint,lint', ['lint']],
  ])('asks for some steps: %s', (body, stages) => {
    expect(read(body)).toEqual({ ...run, stages });
  });

  it.each([
    ['!testme --stages=instal,upgrade', '!testme --stages=install,upgrade'],
    ['!testme --stages=everything', null],
    ['!testme --stages=', null],
    ['!testme --stages', null],
  ])('is told which steps there are: %s', (body, didYouMean) => {
    expect(read(body)).toMatchObject({ kind: 'mistake', didYouMean, problem: expect.stringContaining('lint, install, upgrade') });
  });

  it('asks for help', () => {
    expect(read('!testme help')).toEqual({ kind: 'help' });
  });

  it.each([
    ['a quote', '> !testme', notOwnWords],
    ['a quote in a quote', '> > !testme', notOwnWords],
    ['a quote in a list', '- > !testme', notOwnWords],
    ['a fenced block', lines('```', '!testme', '```'), notOwnWords],
    ['a fenced block with tildes and a language', lines('~~~md', '!testme', '~~~'), notOwnWords],
    ['a fence that is never closed', lines('```', 'x', '', '!testme'), notOwnWords],
    ['a longer fence that shows a shorter one', lines('````', '```', '!testme', '```', '````'), notOwnWords],
    ['a fence in a list', lines('- ```', '  !testme', '  ```'), notOwnWords],
    ['indented code', lines('Try:', '', '    !testme'), notOwnWords],
    ['indented code by a tab', '\t!testme', notOwnWords],
    ['inline code', '`!testme`', notOwnWords],
    ['inline code over two lines', lines('`see', '!testme`'), notOwnWords],
    ['an HTML comment', '<!-- !testme -->', notOwnWords],
    ['an HTML comment of several lines', lines('<!--', '!testme', '-->'), notOwnWords],
    ['an HTML comment within a paragraph', lines('see <!--', '!testme', '-->'), notOwnWords],
    ['an HTML comment that is never closed', lines('<!--', '', '!testme'), notOwnWords],
    ['an HTML block', lines('<pre>', '!testme', '</pre>'), notOwnWords],
    ['a sentence', 'Please run !testme again.', passing],
    ['a list', '- !testme', passing],
    ['a numbered list', '1. !testme', passing],
    ['a heading', '# !testme', passing],
    ['bold text', '**!testme**', passing],
    ['a quote that it follows without an empty line', lines('> Does it upgrade?', '!testme'), passing],
    ['a line that begins with a hidden note', '<!-- note --> !testme', notOwnWords],
    ['a line that begins with emphasis', '*now* !testme', passing],
    ['an escape', '\\!testme', passing],
  ])('is no command in %s', (_, body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  it.each([
    ['is about something else', 'The upgrade looks fine to me.'],
    ['is empty', ''],
    ['begins with an exclamation of its own', '! important'],
    ['shows a picture first', '![testme](https://example.org/a.png)'],
    ['speaks to another bot', '!deploy'],
    ['begins with a word that is merely alike', 'tested on my machine'],
    ['speaks of the word without its mark', 'testme is broken'],
    ['mentions a user of nearly that name', '@testme please look'],
    ['has a longer word', 'see x!testmexyz'],
  ])('says nothing to us when it %s', (_, body) => {
    expect(read(body)).toEqual(nothing);
  });

  it.each([
    ['two letters swapped', '!tetsme'],
    ['a letter too many', '!testtme'],
    ['two letters too many', '!tetstmee'],
    ['a letter missing', '!testm'],
    ['a letter replaced', '!tastme'],
    ['a full stop behind it', '!testme.'],
    ['another mark', '/testme'],
    ['no mark, alone on its line', 'testme'],
    ['prose behind it', '!tesme please'],
  ])('has a typo: %s', (_, body) => {
    const [said] = body.split(' ');
    expect(read(body)).toMatchObject({ kind: 'mistake', typo: true, said, didYouMean: '!testme' });
  });

  it.each([
    ['an unknown command that is nearly one', '!testme hepl', '!testme help'],
    ['an unknown command that is nearly another one', '!testme cancle', '!testme cancel'],
    ['an unknown command', '!testme frobnicate', null],
    ['an unknown flag that is nearly one', '!testme --qiuck', '!testme --quick'],
    ['an unknown flag with a value', '!testme --stage=install', '!testme --stages=a,b'],
    ['an unknown flag', '!testme --fast-forward', null],
    ['a flag that the command does not take', '!testme help --quick', null],
    ['a short commit id', '!testme 4be91c07', null],
    ['trailing prose', '!testme looks good to me', '!testme'],
    ['trailing prose in bold', '!testme **now please**', '!testme'],
    ['two commands on a line', '!testme cancel help', '!testme'],
    ['a flag in code', '!testme `--quick`', null],
    ['two different commands', lines('!testme', '!testme help'), null],
    ['a command and a typo', lines('!testme', '!tesme'), null],
  ])('is a mistake when it has %s', (_, body, didYouMean) => {
    expect(read(body)).toMatchObject({
      kind: 'mistake',
      typo: false,
      didYouMean,
      said: body.split('\n', 1)[0]?.replaceAll('**', ''),
    });
  });

  it.each([
    ['!testme --quick', '!testme --quick'],
    [`!testme ${sha} --QUICK`, '!testme --quick'],
  ])('asks for what is not built yet: %s', (body, what) => {
    expect(read(body)).toEqual({ kind: 'not-yet', what });
  });

  it.each([
    ['!testme cancel', 'cancel'],
    ['!testme Status', 'status'],
  ])('is about its runs: %s', (body, kind) => {
    expect(read(body)).toEqual({ kind });
  });

  it('is cut where a mistake would repeat it at length', () => {
    expect(read(`!testme ${'very '.repeat(100)}`)).toMatchObject({ kind: 'mistake', said: expect.stringMatching(/^.{80}$/) });
  });

  it('is read with the word of the settings', () => {
    const readAs = (body: string) => readComment(body, '!ci');
    expect(readAs('!ci')).toEqual(run);
    expect(readAs('!ci hepl')).toMatchObject({ didYouMean: '!ci help' });
    expect(readAs('CI is broken again')).toEqual(nothing);
    expect(readAs('!testme')).toEqual(nothing);
  });
});

describe('reading any text at all', () => {
  const piece = fc.constantFrom(
    '!testme',
    '!tetsme',
    ' ',
    '\n',
    '    ',
    '\t',
    '>',
    '`',
    '```',
    '~~~',
    '<!--',
    '-->',
    '- ',
    '*',
    '[',
    '](',
    '\\',
    '--',
    'x',
  );
  const markdown = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 40 }).map((all) => all.join('')),
  );

  it('never throws', () => {
    fc.assert(fc.property(markdown, (body) => void read(body)));
  });

  it('never takes a quote for a command', () => {
    fc.assert(
      fc.property(markdown, (body) => {
        const quoted = body
          .split(/\r\n|\r|\n/)
          .map((line) => `> ${line}`)
          .join('\n');
        expect(read(quoted).kind).toMatch(/^(?:nothing|mention)$/);
      }),
    );
  });

  it('never takes a fenced block for a command', () => {
    fc.assert(
      fc.property(markdown, (body) => {
        const fence = '`'.repeat(Math.max(2, ...[...body.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
        expect(read(`${fence}\n${body}\n${fence}`).kind).toMatch(/^(?:nothing|mention)$/);
      }),
    );
  });

  it('is quick for a comment of a megabyte', () => {
    expect(read('*a_ `[<'.repeat(150_000))).toEqual(nothing);
  });
});
