import { z } from 'zod';
import { expectationOf, leavesOf } from './expectation.ts';
import { nearest } from './nearest.ts';
import { type Mistake, SettingsRefused, shown } from './settings-refused.ts';

/** What a process is started with, e.g. `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings of one process, read from its environment. An empty variable counts as not set.
 * Throws SettingsRefused with all mistakes at once, also for a variable that is nearly a known one.
 */
export function readEnv<Schema extends z.ZodObject>(schema: Schema, environment: Environment): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  const wrong = parsed.success ? [] : leavesOf(parsed.error.issues).map((issue) => mistakeOf(issue, schema, given));
  const mistyped = mistypedNames(Object.keys(schema.shape), Object.keys(given));
  if (parsed.success && mistyped.length === 0) return parsed.data;
  throw new SettingsRefused('the environment', [...wrong, ...mistyped]);
}

/** One row for each variable, for the README. Throws when a variable has no sentence. */
export function environmentTable(schema: z.ZodObject): { name: string; default: string; sentence: string }[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, property]) => {
    if (typeof property === 'boolean' || property.description === undefined) {
      throw new TypeError(`The setting ${name} has no sentence: end its schema with .describe('…').`);
    }
    const absent = required.includes(name) ? 'required' : '';
    return { name, default: property.default === undefined ? absent : String(property.default), sentence: property.description };
  });
}

function mistakeOf(issue: z.core.$ZodIssue, schema: z.ZodObject, given: Environment): Mistake {
  const name = String(issue.path[0] ?? '');
  const read = shown(name, given[name]);
  const sentence = schema.shape[name]?.description;
  const expected = expectationOf(issue);
  // For a variable that is absent its sentence says more than its type; for a wrong one both do.
  if (read === undefined) return { where: name, expected: sentence ?? expected };
  return { where: name, read, expected: sentence === undefined ? expected : `${expected} (${sentence})` };
}

/** Variables that nobody knows, but that are nearly a known one. Others belong to other programs and are left alone. */
function mistypedNames(known: readonly string[], given: readonly string[]): Mistake[] {
  const prefixes = new Set(known.filter((name) => name.includes('_')).map(prefixOf));
  return given.flatMap((name) => {
    if (known.includes(name) || !prefixes.has(prefixOf(name))) return [];
    const meant = nearest(name, known);
    return meant === undefined ? [] : [{ where: name, meant }];
  });
}

function prefixOf(name: string): string {
  return name.slice(0, name.indexOf('_') + 1);
}
