import type { StackDocument } from './document.ts';
import type { SecretModifiers } from './env-sample.ts';
import { variablesIn } from './interpolate.ts';
import { requireName } from './names.ts';
import { fieldsOf, parseRawCompose, textOf } from './raw-compose.ts';
import type { Recipe } from './recipe.ts';

/** A secret that abra would generate before the first deploy. */
export interface SecretSpec {
  /** The full name in the engine. */
  readonly name: string;
  /** The name in the compose file. */
  readonly key: string;
  /** Characters; undefined means a passphrase. */
  readonly length: number | undefined;
  /** As the sample says it, e.g. `hex` or `default,special`. */
  readonly charset: string | undefined;
  /** false: operators insert this one by hand, so a random value may not be what the app needs. */
  readonly generate: boolean;
}

/** The external secrets under the stack's own name that its services use. Throws RecipeUnreadable for a name that the engine refuses. */
export function secretsToGenerate(
  document: StackDocument,
  recipe: Pick<Recipe, 'sources' | 'sample'>,
  stack: string,
): SecretSpec[] {
  const used = new Set(
    Object.values(document.services).flatMap((service) => (service.secrets ?? []).map(({ source }) => source)),
  );
  const writtenNames = namesAsWritten(recipe);
  return Object.entries(document.secrets ?? {}).flatMap(([key, secret]) => {
    const name = secret.name ?? key;
    if (!used.has(key) || !secret.external || !name.startsWith(`${stack}_`)) return [];
    const written = writtenNames.get(key);
    requireName('secret', name, written);
    return [{ name, key, ...modifiersOf(written?.text ?? '', recipe) }];
  });
}

/** Modifiers stand beside whichever variable the name contains; it need not be called after the secret. */
function modifiersOf(
  writtenName: string,
  { sample }: Pick<Recipe, 'sample'>,
): Pick<SecretSpec, 'length' | 'charset' | 'generate'> {
  const variable = variablesIn(writtenName).find((name) => Object.hasOwn(sample.secretModifiers, name));
  const found: SecretModifiers = (variable !== undefined && sample.secretModifiers[variable]) || { generate: true };
  return { length: found.length, charset: found.charset, generate: found.generate };
}

/** Each secret's `name` before interpolation; a later file replaces what an earlier one says. */
function namesAsWritten(recipe: Pick<Recipe, 'sources'>): Map<string, { text: string; file: string; line: number }> {
  const names = recipe.sources.flatMap(({ file, text }) => {
    const raw = parseRawCompose(text, file);
    return [...fieldsOf(raw, fieldsOf(raw, raw.root).get('secrets'))].flatMap(([key, definition]) => {
      const fields = fieldsOf(raw, definition);
      const node = fields.get('name') ?? fieldsOf(raw, fields.get('external')).get('name');
      return [[key, { text: textOf(node) ?? '', file, line: raw.lineOf(node ?? definition) }] as const];
    });
  });
  return new Map(names);
}
