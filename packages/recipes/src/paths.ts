import { dirname, resolve } from 'node:path';
import { isMap, isSeq } from 'yaml';
import { insideCheckout } from './checkout-file.ts';
import { interpolate } from './interpolate.ts';
import { pathOutside } from './path-outside.ts';
import type { Violation } from './policy-terms.ts';
import { fieldsOf, parseRawCompose, type RawCompose, scalarsOf, textOf } from './raw-compose.ts';
import type { Recipe } from './recipe.ts';
import { RecipeUnreadable } from './recipe-unreadable.ts';

/** A path that a compose file has a tool open. */
export interface ComposePath {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** As written: not interpolated, not resolved. */
  readonly path: string;
  /** Where it stands: `env_file`, `extends`, `configs.x.file`, `secrets.x.file`. */
  readonly key: string;
}

/** Every path in one compose file that `docker stack config` or `deploy` would open; anchors and merge keys hide none. Throws RecipeUnreadable. */
export function pathsOf(yaml: string, file: string): ComposePath[] {
  const raw = parseRawCompose(yaml, file);
  return [...openedWhileReading(raw), ...openedWhileDeploying(raw)];
}

/**
 * Judges the paths of all compose files BEFORE any tool opens them (`docker stack config` reads `env_file`).
 * `resolvePath` gives the real path, or undefined where nothing is there.
 * Throws RecipeUnreadable for a path that cannot be interpolated.
 */
export function judgePaths(
  recipe: Pick<Recipe, 'folder' | 'sources'>,
  environment: Readonly<Record<string, string>>,
  resolvePath: (path: string) => string | undefined,
): Violation[] {
  // The docker CLI resolves the paths of all files from the folder of the first.
  const base = resolve(recipe.folder, dirname(recipe.sources[0]?.file ?? ''));
  return recipe.sources
    .flatMap(({ file, text }) => pathsOf(text, file))
    .flatMap(({ file, line, path, key }) => {
      const interpolated = interpolate(path, environment);
      if ('problem' in interpolated) {
        throw new RecipeUnreadable({
          file,
          line,
          problem: interpolated.problem,
          remedy: 'Correct the path, or give the variable a value.',
        });
      }
      const wanted = resolve(base, interpolated.text);
      if (insideCheckout(recipe.folder, resolvePath(wanted) ?? wanted)) return [];
      return [pathOutside(`${file}:${line} ${key}`, interpolated.text)];
    });
}

/** Any `env_file` or `extends` at any depth counts, so that however the reader merges, it meets no path that was not judged. */
function openedWhileReading(raw: RawCompose): ComposePath[] {
  return raw.pairs.flatMap(({ key, value }) => {
    if (key !== 'env_file' && key !== 'extends') return [];
    const whole = raw.target(value);
    const parts = isSeq(whole) ? whole.items : [whole];
    const nested = parts.flatMap((part) => (isMap(raw.target(part)) ? [...fieldsOf(raw, part)] : []));
    const named = nested.filter(([name]) => name === 'file' || name === 'path').map(([, path]) => path);
    // `extends: name` names a service, not a file.
    return [...(key === 'env_file' ? parts : []), ...named].flatMap((part) => toPaths(raw, key, part));
  });
}

function openedWhileDeploying(raw: RawCompose): ComposePath[] {
  const root = fieldsOf(raw, raw.root);
  return ['configs', 'secrets'].flatMap((kind) =>
    [...fieldsOf(raw, root.get(kind))].flatMap(([name, definition]) =>
      toPaths(raw, `${kind}.${name}.file`, fieldsOf(raw, definition).get('file')),
    ),
  );
}

function toPaths(raw: RawCompose, key: string, node: unknown): ComposePath[] {
  return scalarsOf(raw, node).map((scalar) => ({ file: raw.file, line: raw.lineOf(scalar), path: textOf(scalar) ?? '', key }));
}
