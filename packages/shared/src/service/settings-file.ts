import { readFile } from 'node:fs/promises';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { expectationOf, leavesOf } from './expectation.ts';
import { nearest } from './nearest.ts';
import { type Mistake, SettingsRefused, shown } from './settings-refused.ts';

type Path = readonly PropertyKey[];
type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Our settings need no aliases; a file that multiplies itself is refused early. */
const MAX_ALIASES = 20;

/**
 * The instance file, e.g. `cc-ci.yml`. The schema's sections have to be strict objects, so that unknown keys are refused.
 * Throws SettingsRefused with all mistakes at once, each with its line, and with the key that was probably meant.
 * @param name of the file, as people know it
 */
export async function readSettings<Schema extends z.ZodObject>(
  path: string,
  schema: Schema,
  name = path,
): Promise<z.infer<Schema>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new SettingsRefused(name, [{ where: name, read: 'nothing', expected: 'a file that can be read' }], { cause });
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new SettingsRefused(
      name,
      document.errors.map((error) => ({ where: place(error.pos[0]), read: 'no YAML', expected: `YAML (${error.message})` })),
    );
  }
  const parsed = schema.safeParse(valueIn(document, name) ?? {});
  if (parsed.success) return parsed.data;
  const known = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const at = (keys: Path): string => `${place(offsetOf(document, keys))} ${keys.map(String).join('.')}`.trimEnd();
  throw new SettingsRefused(
    name,
    leavesOf(parsed.error.issues).flatMap((issue): Mistake[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ where: at([...issue.path, key]), meant: nearest(key, keysAt(known, issue.path)) }))
        : [{ where: at(issue.path), read: readAt(document, issue.path), expected: expectationAt(known, issue) }],
    ),
  );
}

function valueIn(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw new SettingsRefused(name, [{ where: name, read: 'aliases', expected: `at most ${MAX_ALIASES} uses of one` }], {
      cause,
    });
  }
}

function readAt(document: Document, path: Path): string | undefined {
  const node: unknown = document.getIn(path, true);
  return shown(path.map(String).join('.'), isNode(node) ? node.toJS(document) : node);
}

/** What is expected, and what the setting is for. */
function expectationAt(known: JsonSchema, issue: z.core.$ZodIssue): string {
  const sentence = schemasAt(known, issue.path).find((schema) => schema.description !== undefined)?.description;
  return sentence === undefined ? expectationOf(issue) : `${expectationOf(issue)} (${sentence})`;
}

/** Where the value stands; for one that is absent, where the nearest section around it does. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function keysAt(schema: JsonSchema, path: Path): string[] {
  return schemasAt(schema, path).flatMap((found) => Object.keys(found.properties ?? {}));
}

/** Every schema that may hold at this path: alternatives give several. */
function schemasAt(schema: JsonSchema, path: Path): JsonSchema[] {
  const alternatives = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(isSchema);
  const [step, ...rest] = path;
  if (step === undefined) return alternatives;
  const inside = alternatives.flatMap(({ properties, items, additionalProperties }) => [
    properties?.[String(step)],
    items,
    additionalProperties,
  ]);
  return inside
    .flat()
    .filter(isSchema)
    .flatMap((found) => schemasAt(found, rest));
}

function isSchema(value: JsonSchema | boolean | undefined): value is JsonSchema {
  return typeof value === 'object';
}
