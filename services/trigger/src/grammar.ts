import { type Command, type CommandName, commands, defaultTriggerWord } from '@cc-ci/shared/contract/commands';
import { builtTiers, type Tier } from '@cc-ci/shared/contract/glossary';
import { Sha } from '@cc-ci/shared/contract/ids';
import { readStages } from '@cc-ci/shared/runs/flags';
import { nearest } from '@cc-ci/shared/service/nearest';
import { ownWords } from './own-words.ts';

/** What a comment says to us. */
export type Reading =
  | { readonly kind: 'nothing' }
  /** The trigger word occurs, but not as a command: in a sentence (`passing`), or in a quote, in code, or hidden. */
  | { readonly kind: 'mention'; readonly where: 'passing' | 'not-own-words' }
  | { readonly kind: 'run'; readonly commit: Sha | null; readonly extraTests: boolean; readonly stages: readonly Tier[] | null }
  | { readonly kind: 'help' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'status' }
  | { readonly kind: 'not-yet'; readonly what: string }
  | Mistake;

/** `said` is a stranger's text, the rest is ours. `typo`: not even the trigger word is right. */
export interface Mistake {
  readonly kind: 'mistake';
  readonly typo: boolean;
  readonly said: string;
  readonly didYouMean: string | null;
  readonly problem: string;
}

/** Characters of a line that are kept to recognise it by. */
const LONGEST_SAID = 80;

/**
 * Reads a comment, which is Markdown by a stranger. A command stands alone at the start of a line, and a comment holds one.
 * @param word the trigger word of the settings, such as `!testme`
 */
export function readComment(body: string, word: string): Reading {
  const { lines, text } = ownWords(body);
  const addressed = lines.filter((line) => isAddressed(line, word));
  const [first] = addressed;
  if (first !== undefined) return new Set(addressed).size === 1 ? readCommand(first, word) : several(first);
  if (mentions(text, word)) return { kind: 'mention', where: 'passing' };
  return mentions(body, word) ? { kind: 'mention', where: 'not-own-words' } : { kind: 'nothing' };
}

/** A line that starts with the word, or with what was probably meant to be it. */
function isAddressed(line: string, word: string): boolean {
  const [head = '', ...rest] = wordsOf(line);
  if (/^[!/]/.test(head)) return head.toLowerCase() === word || nearest(head, [word]) !== undefined;
  return rest.length === 0 && `!${head.toLowerCase()}` === word;
}

function readCommand(line: string, word: string): Reading {
  const [head = '', ...rest] = wordsOf(line);
  if (head.toLowerCase() !== word) return { ...mistake(head, 'I do not know this word.', word), typo: true };
  const flags = rest.filter((part) => part.startsWith('--'));
  const [what = '', ...more] = rest.filter((part) => !part.startsWith('--'));
  if (more.length > 0) return mistake(line, 'A command stands alone on its line, without other words.', word);
  if (what === '') return readFlags('run', null, flags, line, word);
  const commit = Sha.safeParse(what.toLowerCase()).data;
  if (commit !== undefined) return readFlags('run', commit, flags, line, word);
  const name = what.toLowerCase();
  return isSubcommand(name) ? readFlags(name, null, flags, line, word) : unknownCommand(what, line, word);
}

function readFlags(name: CommandName, commit: Sha | null, flags: readonly string[], line: string, word: string): Reading {
  const command: Command = commands[name];
  const all = flags.map((flag) => flag.slice('--'.length).split('=', 1)[0] ?? '');
  for (const typed of all) {
    const flag = Object.entries(command.flags).find(([known]) => known === typed.toLowerCase())?.[1];
    if (flag === undefined) return unknownFlag(command, typed, line, word);
    if (!flag.built) return { kind: 'not-yet', what: `${word} ${flag.usage}` };
  }
  if (!command.built) return { kind: 'not-yet', what: inWord(command.usage, word) };
  if (name === 'help' || name === 'cancel' || name === 'status') return { kind: name };
  const stages = stagesAmong(flags, line, word);
  if (stages !== null && 'kind' in stages) return stages;
  return { kind: 'run', commit, extraTests: all.some((typed) => typed.toLowerCase() === 'extra-tests'), stages };
}

/** The steps of `--stages=a,b`, each once and in their order; null where it is not among the flags. */
function stagesAmong(flags: readonly string[], line: string, word: string): readonly Tier[] | null | Mistake {
  const given = flags.findLast((flag) => /^--stages(?:=|$)/i.test(flag));
  if (given === undefined) return null;
  const text = given.slice('--stages='.length).toLowerCase();
  const stages = readStages(text);
  if (!('wrong' in stages)) return stages;
  const { wrong, meant } = stages;
  const right = text.split(',').map((name) => (name === wrong ? meant : name));
  const asked = meant === undefined ? null : `${word} --stages=${right.join(',')}`;
  return mistake(line, `The steps are ${builtTiers.join(', ')}.`, asked);
}

function unknownCommand(what: string, line: string, word: string): Mistake {
  if (/^[0-9a-f]{7,}$/i.test(what)) return mistake(line, 'A commit is named by all 40 digits of its id.', null);
  const meant = Object.keys(commands)
    .filter(isSubcommand)
    .find((name) => name === nearest(what, [name]));
  return mistake(line, 'I do not know this command.', meant ? inWord(commands[meant].usage, word) : null);
}

function unknownFlag(command: Command, typed: string, line: string, word: string): Mistake {
  const meant = command.flags[nearest(typed, Object.keys(command.flags)) ?? ''];
  return mistake(line, 'I do not know this flag.', meant ? `${word} ${meant.usage}` : null);
}

function several(line: string): Mistake {
  return mistake(line, 'A comment holds one command, and this one holds several.', null);
}

function mistake(said: string, problem: string, didYouMean: string | null): Mistake {
  return { kind: 'mistake', typo: false, said: said.slice(0, LONGEST_SAID), didYouMean, problem };
}

/** What is typed after the word to give a command; the bare word is `run`. */
type Subcommand = Exclude<CommandName, 'run'>;

function isSubcommand(typed: string): typed is Subcommand {
  return typed !== 'run' && Object.hasOwn(commands, typed);
}

/** A usage of the table, which is written with the default word. */
function inWord(usage: string, word: string): string {
  return usage.replace(defaultTriggerWord, word);
}

/** The word of the settings is a mark and letters, digits or dashes: nothing in it has to be escaped. */
function mentions(text: string, word: string): boolean {
  return new RegExp(`(?<![a-z0-9])${word}(?![a-z0-9-])`, 'i').test(text);
}

function wordsOf(line: string): string[] {
  return line.trim().split(/\s+/);
}
