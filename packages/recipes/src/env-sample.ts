import { expand, MAX_ENVIRONMENT_CHARACTERS } from './expand.ts';
import { RecipeUnreadable } from './recipe-unreadable.ts';

const FILE = '.env.sample';
/** The engine takes secrets of up to 500 KB; far below that, a length is a slip of the pen. */
const MAX_SECRET_LENGTH = 10_000;

/** One assignment of `.env.sample`, in the order of the file. */
export interface EnvEntry {
  readonly key: string;
  /** Without its quotes and not yet expanded. */
  readonly value: string;
  /** Single quotes keep `$` as it is. */
  readonly literal: boolean;
  /** Counted from 1. */
  readonly line: number;
}

/** What the comment behind `SECRET_X_VERSION=v1 # length=64 charset=hex` says about the secret's value. */
export interface SecretModifiers {
  /** Characters; absent means a passphrase. */
  readonly length?: number;
  readonly charset?: string;
  /** false: operators insert this one by hand. */
  readonly generate: boolean;
}

/** The template of an app's `.env`. */
export interface EnvSample {
  readonly entries: readonly EnvEntry[];
  /** By the variable's name (`SECRET_X_VERSION`); only variables whose comment says something. */
  readonly secretModifiers: Readonly<Record<string, SecretModifiers>>;
}

/** Reads `.env.sample`. Throws RecipeUnreadable where abra's reader would refuse the file. */
export function parseEnvSample(text: string): EnvSample {
  const entries: EnvEntry[] = [];
  const secretModifiers: Record<string, SecretModifiers> = {};
  const source = text.replaceAll('\r\n', '\n');
  let at = 0;
  let line = 1;
  while (at < source.length) {
    const statement = readStatement(source, at, line);
    if (statement.entry) {
      entries.push(statement.entry);
      const modifiers = readModifiers(statement.comment, line);
      if (modifiers) secretModifiers[statement.entry.key] = modifiers;
    }
    line += source.slice(at, statement.end).split('\n').length - 1;
    at = statement.end;
  }
  return { entries, secretModifiers };
}

/**
 * The sample's variables with `$X` and `${X}` of earlier ones expanded; the last assignment wins.
 * `fixed` are values that stand whatever the sample assigns to them, also where others refer to them.
 * Throws RecipeUnreadable where a few lines unfold to more than any program can be given.
 */
export function envValues(sample: EnvSample, fixed: Readonly<Record<string, string>> = {}): Record<string, string> {
  const values: Record<string, string> = { ...fixed };
  let left = MAX_ENVIRONMENT_CHARACTERS;
  for (const { key, value, literal, line } of sample.entries) {
    if (Object.hasOwn(fixed, key)) continue;
    const expanded = literal ? value : expand(value, values, left);
    if (expanded === undefined) throw unreadable(line, `\`${key}\` unfolds without end`, 'Write out what it stands for.');
    left -= expanded.length;
    values[key] = expanded;
  }
  return values;
}

/** The sample with further assignments behind its own, as whoever edits an `.env` by hand makes them. */
export function withSettings(sample: EnvSample, environment: Readonly<Record<string, string>>): EnvSample {
  const line = (sample.entries.at(-1)?.line ?? 0) + 1;
  const added = Object.entries(environment).map(([key, value]) => ({ key, value, literal: false, line }));
  return { ...sample, entries: [...sample.entries.filter(({ key }) => !Object.hasOwn(environment, key)), ...added] };
}

interface Statement {
  readonly entry?: EnvEntry;
  readonly comment: string;
  /** Offset of what follows this statement. */
  readonly end: number;
}

/** One statement from the start of a line: a blank, a comment, or an assignment, which goes on over lines inside quotes. */
function readStatement(source: string, at: number, line: number): Statement {
  const end = endOfLine(source, at);
  const text = source.slice(at, end).trim();
  if (text === '' || text.startsWith('#')) return { comment: '', end: end + 1 };
  const assignment = /^\s*(?:export\s+)?(?<key>[A-Za-z_][\w.]*)[ \t]*[=:][ \t]*/.exec(source.slice(at, end));
  const key = assignment?.groups?.['key'];
  if (assignment === null || key === undefined) {
    throw unreadable(line, `\`${text}\` is not an assignment`, 'Write `NAME=value`, or put `#` in front of a comment.');
  }
  const start = at + assignment[0].length;
  const quote = source[start];
  if (quote === '"' || quote === "'") return readQuoted(source, start, quote, { key, line });
  const [value, comment] = splitComment(source.slice(start, end));
  return { entry: { key, value: value.trimEnd(), literal: false, line }, comment, end: end + 1 };
}

function readQuoted(source: string, start: number, quote: string, place: { key: string; line: number }): Statement {
  const { key, line } = place;
  let close = start + 1;
  while (close < source.length && source[close] !== quote) close += quote === '"' && source[close] === '\\' ? 2 : 1;
  if (close >= source.length) throw unreadable(line, `the quote ${quote} of \`${key}\` is never closed`, 'Close it.');
  const end = endOfLine(source, close);
  const rest = source.slice(close + 1, end).trim();
  if (rest !== '' && !rest.startsWith('#')) {
    throw unreadable(line, `\`${rest}\` follows the closing quote of \`${key}\``, 'Put the whole value inside the quotes.');
  }
  const inside = source.slice(start + 1, close);
  const literal = quote === "'";
  return { entry: { key, value: literal ? inside : unescaped(inside), literal, line }, comment: rest, end: end + 1 };
}

/** A `#` begins a comment at the start of a value or after a blank; inside a word it is part of the value. */
function splitComment(text: string): [value: string, comment: string] {
  const at = /^#\s|\s#/.exec(text)?.index;
  return at === undefined ? [text, ''] : [text.slice(0, at), text.slice(at)];
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([nrt"\\])/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter);
}

function readModifiers(comment: string, line: number): SecretModifiers | undefined {
  const found = new Map([...comment.matchAll(/\b(length|charset|generate)=(\S+)/g)].map(([, name, value]) => [name, value]));
  if (found.size === 0) return undefined;
  const charset = found.get('charset');
  const length = found.get('length');
  if (length !== undefined && !(/^\d+$/.test(length) && Number(length) >= 1 && Number(length) <= MAX_SECRET_LENGTH)) {
    throw unreadable(line, `\`length=${length}\` is not a length`, `Write a whole number from 1 to ${MAX_SECRET_LENGTH}.`);
  }
  return {
    ...(length !== undefined && { length: Number(length) }),
    ...(charset !== undefined && { charset }),
    generate: found.get('generate') !== 'false',
  };
}

function endOfLine(source: string, from: number): number {
  const at = source.indexOf('\n', from);
  return at < 0 ? source.length : at;
}

function unreadable(line: number, problem: string, remedy: string): RecipeUnreadable {
  return new RecipeUnreadable({ file: FILE, line, problem, remedy });
}
