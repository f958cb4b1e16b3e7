import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { RecipeUnreadable } from './recipe-unreadable.ts';

/** One compose file as written: not interpolated, not merged with others, every value with its line. */
export interface RawCompose {
  readonly file: string;
  readonly root: YAMLMap;
  /** Every key of every mapping in the file, wherever it stands, also in anchors that nothing uses. */
  readonly pairs: readonly { readonly key: string; readonly value: unknown }[];
  /** Counted from 1. */
  lineOf(node: unknown): number;
  /** What an alias stands for; any other node itself. */
  target(node: unknown): unknown;
  /** Counts what aliases and merge keys unfold to. Throws RecipeUnreadable when a few lines become more than any recipe means. */
  unfold(nodes: number): void;
}

/** Real recipes stay below a thousand. */
const MAX_UNFOLDED_NODES = 100_000;

/** Tags that name what a plain value is anyway. Others (`!!binary`) let one reader see another text than the next. */
const plainTags = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`));

/** The docker CLI's reader ends a line at these, ours does not: a comment could hide a key from us that the CLI obeys. */
const foreignLineBreak = /\r(?!\n)|[\u0085\u2028\u2029]/;

/** Reads the YAML of one compose file. Throws RecipeUnreadable with the line. */
export function parseRawCompose(text: string, file: string): RawCompose {
  const lines = new LineCounter();
  // Not strict: layouts that the docker CLI accepts are accepted here too, and it is the one to say which keys are there twice.
  const document = parseDocument(text, { lineCounter: lines, merge: true, strict: false, uniqueKeys: false });
  const lineOf = (node: unknown): number => lines.linePos((isNode(node) && node.range?.[0]) || 0).line;
  const refuse = (line: number, problem: string, remedy: string): never => {
    throw new RecipeUnreadable({ file, line, problem, remedy });
  };
  const hidden = foreignLineBreak.exec(text);
  if (hidden)
    return refuse(
      lines.linePos(hidden.index).line,
      'not every reader sees the same end of this line',
      'End it with a plain line feed.',
    );
  const [mistake] = document.errors;
  if (mistake) return refuse(lines.linePos(mistake.pos[0]).line, inWords(mistake), 'Correct the YAML.');
  if (!isMap(document.contents)) return refuse(1, 'this is not a compose file', 'It starts with keys such as `services:`.');

  const anchors = new Map<string, Node>();
  const targets = new Map<unknown, Node>();
  const found: Pair[] = [];
  visit(document, {
    Alias(_, alias) {
      const anchored = anchors.get(alias.source);
      if (!anchored) return refuse(lineOf(alias), `nothing before is anchored as \`&${alias.source}\``, 'Correct the alias.');
      targets.set(alias, anchored);
    },
    Value(_, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      if (node.tag === undefined || plainTags.has(node.tag)) return;
      refuse(lineOf(node), `the YAML tag \`${node.tag}\` is not understood`, 'Write the value without a tag.');
    },
    Pair(_, pair) {
      found.push(pair);
    },
  });
  const target = (node: unknown): unknown => targets.get(node) ?? node;
  const pairs = found.map(({ key, value }) => ({ key: textOf(target(key)) ?? '', value }));
  let unfolded = 0;
  const unfold = (nodes: number) => {
    unfolded += nodes;
    if (unfolded > MAX_UNFOLDED_NODES)
      refuse(1, 'its aliases and merge keys unfold without end', 'Write out what they stand for.');
  };
  return { file, root: document.contents, pairs, lineOf, target, unfold };
}

function inWords(mistake: YAMLError): string {
  if (mistake.code === 'MULTIPLE_DOCS') return 'a second YAML document begins here';
  return mistake.message.split(/ at line \d+/)[0] ?? mistake.code;
}

/** The fields of a mapping with aliases and merge keys resolved; empty where the node is no mapping. */
export function fieldsOf(raw: RawCompose, node: unknown, within: readonly unknown[] = []): Map<string, unknown> {
  const map = raw.target(node);
  // A mapping that merges itself would never end.
  if (!isMap(map) || within.includes(map)) return new Map();
  const own = map.items.map(({ key, value }) => [textOf(raw.target(key)) ?? '', raw.target(value)] as const);
  const merged = own.filter(([name]) => name === '<<').flatMap(([, source]) => (isSeq(source) ? source.items : [source]));
  // Own fields win over merged ones, and of those the first.
  const inherited = merged.toReversed().flatMap((source) => [...fieldsOf(raw, source, [...within, map])]);
  raw.unfold(1 + inherited.length + own.length);
  return new Map([...inherited, ...own.filter(([name]) => name !== '<<')]);
}

/** The strings of a node that is one or a list of them, with the nodes they are written in. */
export function scalarsOf(raw: RawCompose, node: unknown): Scalar[] {
  const whole = raw.target(node);
  if (isScalar(whole)) return [whole];
  if (!isSeq(whole)) return [];
  raw.unfold(whole.items.length);
  return whole.items.map(raw.target).filter(isScalar);
}

/** The text of a scalar as written, also where YAML would call it a number. */
export function textOf(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}
