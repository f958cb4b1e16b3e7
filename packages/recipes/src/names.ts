import type { StackDocument } from './document.ts';
import { RecipeUnreadable } from './recipe-unreadable.ts';

/** What the engine takes as the name of a secret or config, and of a service. */
const limits = {
  secret: { characters: 64, form: /^[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9])?$/ },
  config: { characters: 64, form: /^[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9])?$/ },
  service: { characters: 63, form: /^[a-zA-Z0-9](?:[_-]*[a-zA-Z0-9])*$/ },
};

/** Where the name is written. */
interface Place {
  readonly file: string;
  readonly line: number;
}

/** Throws RecipeUnreadable for a full name that the engine would refuse, which it says late and tersely. */
export function requireName(kind: keyof typeof limits, name: string, place?: Place): void {
  const { characters, form } = limits[kind];
  const where = place ?? { file: 'compose.yml' };
  if (name.length > characters) {
    throw new RecipeUnreadable({
      ...where,
      problem: `the ${kind} name \`${name}\` has ${name.length} characters, and the engine takes ${characters}`,
      remedy: `Shorten the name of the ${kind}.`,
    });
  }
  if (!form.test(name)) {
    throw new RecipeUnreadable({
      ...where,
      problem: `the engine does not take \`${name}\` as the name of a ${kind}`,
      remedy: /[_.-]$/.test(name)
        ? 'Give the variable at its end a value, as a rule the version.'
        : 'Use letters, digits, `_` and `-` only.',
    });
  }
}

/** Checks every name that this document would create. Throws RecipeUnreadable. */
export function requireNames(document: StackDocument, stack: string): void {
  for (const key of Object.keys(document.services)) requireName('service', `${stack}_${key}`);
  for (const [key, config] of Object.entries(document.configs ?? {})) requireName('config', config.name ?? `${stack}_${key}`);
  for (const [key, secret] of Object.entries(document.secrets ?? {})) requireName('secret', secret.name ?? `${stack}_${key}`);
}
