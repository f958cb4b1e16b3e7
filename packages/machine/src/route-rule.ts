/** One way for a request to match: all of it must hold. */
export interface RouteMatch {
  readonly hosts?: readonly string[];
  readonly pathPrefixes?: readonly string[];
  readonly paths?: readonly string[];
}

/** A router's rule that this proxy does not understand. */
export class RuleNotUnderstood extends Error {
  override readonly name = 'RuleNotUnderstood';
  readonly rule: string;
  constructor(rule: string, where: string) {
    super(`The rule ${rule} is not understood at "${where}". Known are Host, PathPrefix and Path with &&, || and brackets.`);
    this.rule = rule;
  }
}

const TOKEN = /\s*(?:(Host|PathPrefix|Path)\s*\(\s*((?:`[^`]*`|"[^"]*")(?:\s*,\s*(?:`[^`]*`|"[^"]*"))*)\s*\)|(&&|\|\||\(|\)))/y;

type Token = { readonly text: string; readonly match?: RouteMatch };

/** Reads a traefik rule into the alternatives of which one must match. Throws {@link RuleNotUnderstood}. */
export function readRule(rule: string): RouteMatch[] {
  const tokens = tokenize(rule);
  const either = (): RouteMatch[] => {
    let matches = both();
    while (tokens[0]?.text === '||') {
      tokens.shift();
      matches = [...matches, ...both()];
    }
    return matches;
  };
  const both = (): RouteMatch[] => {
    let matches = single();
    while (tokens[0]?.text === '&&') {
      tokens.shift();
      const right = single();
      matches = matches.flatMap((left) => right.map((other) => ({ ...left, ...other })));
    }
    return matches;
  };
  const single = (): RouteMatch[] => {
    const token = tokens.shift();
    if (token?.match !== undefined) return [token.match];
    if (token?.text !== '(') throw new RuleNotUnderstood(rule, token?.text ?? 'its end');
    const matches = either();
    if (tokens.shift()?.text !== ')') throw new RuleNotUnderstood(rule, 'a bracket that is not closed');
    return matches;
  };
  const matches = either();
  if (tokens[0] !== undefined) throw new RuleNotUnderstood(rule, tokens[0].text);
  return matches;
}

function tokenize(rule: string): Token[] {
  const tokens: Token[] = [];
  const expression = new RegExp(TOKEN);
  while (expression.lastIndex < rule.trimEnd().length) {
    const at = expression.lastIndex;
    const [found = '', name, list = ''] = expression.exec(rule) ?? [];
    if (found === '') throw new RuleNotUnderstood(rule, rule.slice(at).trim());
    const text = found.trim();
    tokens.push(name === undefined ? { text } : { text, match: matcher(name, list) });
  }
  return tokens;
}

function matcher(name: string, list: string): RouteMatch {
  const values = [...list.matchAll(/`([^`]*)`|"([^"]*)"/g)]
    .map(([, ticked, quoted]) => ticked ?? quoted ?? '')
    .filter((value) => value !== '');
  if (name === 'Host') return { hosts: values.map((host) => host.toLowerCase()) };
  return name === 'Path' ? { paths: values } : { pathPrefixes: values };
}
