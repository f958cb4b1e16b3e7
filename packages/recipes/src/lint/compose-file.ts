import { isSeq } from 'yaml';
import { fieldsOf, parseRawCompose, type RawCompose, textOf } from '../raw-compose.ts';

/** A value as written, with its line, counted from 1. */
export interface Written {
  readonly text: string;
  readonly line: number;
}

/** One service of one compose file. */
export interface ServiceAsWritten {
  readonly file: string;
  readonly line: number;
  readonly fields: ReadonlyMap<string, unknown>;
  /** Of the containers. */
  readonly labels: ReadonlyMap<string, Written>;
  /** Of the service, which is what abra, the proxy and backups read. */
  readonly deployLabels: ReadonlyMap<string, Written>;
}

/** A compose file as lint looks at it: as written, by itself, not interpolated. */
export interface ComposeFile {
  readonly file: string;
  readonly text: string;
  readonly raw: RawCompose;
  readonly version: Written | undefined;
  readonly services: ReadonlyMap<string, ServiceAsWritten>;
  readonly configs: ReadonlyMap<string, NamedAsWritten>;
  readonly secrets: ReadonlyMap<string, NamedAsWritten>;
}

/** A config or secret of the top level. */
export interface NamedAsWritten {
  readonly line: number;
  readonly isExternal: boolean;
  readonly name: string | undefined;
  /** Relative to the checkout, as written. */
  readonly file: string | undefined;
}

/** Reads one compose file. Throws RecipeUnreadable with the line. */
export function parseComposeFile(text: string, file: string): ComposeFile {
  const raw = parseRawCompose(text, file);
  const top = fieldsOf(raw, raw.root);
  const mapped = <T>(section: string, read: (node: unknown) => T): Map<string, T> =>
    new Map([...fieldsOf(raw, top.get(section))].map(([key, node]) => [key, read(node)]));
  return {
    file,
    text,
    raw,
    version: written(raw, top.get('version')),
    services: mapped('services', (node) => serviceOf(raw, node)),
    configs: mapped('configs', (node) => namedOf(raw, node)),
    secrets: mapped('secrets', (node) => namedOf(raw, node)),
  };
}

/** The fields of the mapping that these keys lead to; empty where there is none. */
export function within({ raw }: ComposeFile, fields: ReadonlyMap<string, unknown>, ...path: readonly string[]) {
  return path.reduce<ReadonlyMap<string, unknown>>((at, key) => fieldsOf(raw, at.get(key)), fields);
}

/** A scalar as written, or undefined where it is none. */
export function written(raw: RawCompose, node: unknown): Written | undefined {
  const text = textOf(raw.target(node));
  return text === undefined ? undefined : { text, line: raw.lineOf(node) };
}

function serviceOf(raw: RawCompose, node: unknown): ServiceAsWritten {
  const fields = fieldsOf(raw, node);
  const labels = labelsOf(raw, fields.get('labels'));
  const deployLabels = labelsOf(raw, fieldsOf(raw, fields.get('deploy')).get('labels'));
  return { file: raw.file, line: raw.lineOf(node), fields, labels, deployLabels };
}

/** Labels are a list of `key=value` or a mapping. */
function labelsOf(raw: RawCompose, node: unknown): Map<string, Written> {
  const whole = raw.target(node);
  if (!isSeq(whole)) {
    return new Map([...fieldsOf(raw, whole)].flatMap(([key, value]) => [[key, written(raw, value) ?? { text: '', line: 1 }]]));
  }
  return new Map(
    whole.items.flatMap((item) => {
      const label = written(raw, item);
      if (!label) return [];
      const [key = '', ...value] = label.text.split('=');
      return [[key, { text: value.join('='), line: label.line }]];
    }),
  );
}

function namedOf(raw: RawCompose, node: unknown): NamedAsWritten {
  const fields = fieldsOf(raw, node);
  const external = raw.target(fields.get('external'));
  return {
    line: raw.lineOf(node),
    isExternal: external !== undefined && textOf(external) !== 'false',
    name: textOf(raw.target(fields.get('name'))),
    file: textOf(raw.target(fields.get('file'))),
  };
}
