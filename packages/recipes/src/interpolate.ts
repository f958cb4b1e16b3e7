/** The docker CLI's own pattern (cli/compose/template), so that both read the same variables: `$$`, `$X`, `${X}`, `${X:-default}`, `${X?message}`. */
const substitution = '[_a-z][_a-z0-9]*(?::?[-?][^}]*)?';
const pattern = new RegExp(
  `\\$(?:(?<escaped>\\$)|(?<named>${substitution})|\\{(?<braced>${substitution})\\}|(?<invalid>))`,
  'giu',
);
/** In the order in which the CLI looks for them. */
const operators = [':-', '-', ':?', '?'] as const;

/** No name and no path is longer; it keeps the time that hostile text can cost small. */
const MAX_CHARACTERS = 10_000;

/** Interpolated text, or why the docker CLI would refuse it. */
export type Interpolated = { readonly text: string } | { readonly problem: string };

/** Replaces variables in one value of a compose file as the docker CLI does: an unset one is empty, a default is not expanded again. */
export function interpolate(value: string, environment: Readonly<Record<string, string>>): Interpolated {
  if (value.length > MAX_CHARACTERS)
    return { problem: `a value of ${value.length} characters is too long to be a name or a path` };
  let problem: string | undefined;
  const text = value.replaceAll(pattern, (...match) => {
    const found: Record<string, string | undefined> = match.at(-1);
    if (found['escaped']) return '$';
    const expression = found['named'] ?? found['braced'];
    if (expression === undefined) {
      problem ??= `\`${value}\` is no valid interpolation; a literal dollar sign is written \`$$\``;
      return '';
    }
    const substituted = substitute(expression, environment);
    if (typeof substituted === 'string') return substituted;
    problem ??= substituted.problem;
    return '';
  });
  return problem === undefined ? { text } : { problem };
}

/** The names of the variables in one value of a compose file, each once, in their order. */
export function variablesIn(value: string): string[] {
  if (value.length > MAX_CHARACTERS) return [];
  const names = [...value.matchAll(pattern)].flatMap(({ groups }) => {
    const expression = groups?.['named'] ?? groups?.['braced'];
    return expression === undefined ? [] : [split(expression).name];
  });
  return [...new Set(names)];
}

function split(expression: string): { name: string; operator?: (typeof operators)[number]; rest: string } {
  for (const operator of operators) {
    const at = expression.indexOf(operator);
    if (at >= 0) return { name: expression.slice(0, at), operator, rest: expression.slice(at + operator.length) };
  }
  return { name: expression, rest: '' };
}

function substitute(expression: string, environment: Readonly<Record<string, string>>): string | { problem: string } {
  const { name, operator, rest } = split(expression);
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  const missing = operator?.startsWith(':') ? !value : value === undefined;
  if (!missing || operator === undefined) return value ?? '';
  if (operator.endsWith('-')) return rest;
  return { problem: `variable \`${name}\` needs a value${rest === '' ? '' : ` (${rest})`}` };
}
