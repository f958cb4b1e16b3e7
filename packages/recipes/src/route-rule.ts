/** One condition of a rule, as ``Host(`a.test`, `b.test`)``. */
export interface Matcher {
  readonly name: string;
  readonly values: readonly string[];
}

/** A traefik rule as far as it matters who may answer for which host. */
export interface RouteRule {
  /** All of them, also negated ones. */
  readonly matchers: readonly Matcher[];
  /** Whether each of the rule's alternatives demands one of the wanted matchers. */
  readonly demanded: boolean;
}

type Sign = '&&' | '||' | '!' | '(' | ')';
type Token = Sign | Matcher;

/** Real rules stay below 500; it bounds how deep brackets can be nested. */
const MAX_CHARACTERS = 2_000;

/** traefik parses rules as Go expressions. Of Go's strings, those with escapes are left out: what they say would have to be worked out. */
const string = '`[^`]*`|"[^"\\\\]*"';
const token = new RegExp(
  `\\s*(?:(?<name>[A-Za-z]+)\\(\\s*(?<values>(?:${string})(?:\\s*,\\s*(?:${string}))*)\\s*\\)|(?<sign>&&|\\|\\||[!()]))\\s*`,
  'y',
);
const isSign = (text: string): text is Sign => ['&&', '||', '!', '(', ')'].includes(text);

/** Reads a rule; undefined where it is not understood. */
export function readRouteRule(rule: string, wanted: (matcher: Matcher) => boolean): RouteRule | undefined {
  const tokens = tokenize(rule);
  if (tokens === undefined) return undefined;
  const matchers = tokens.filter((found) => typeof found === 'object');
  let understood = true;
  const expect = (sign: Sign) => {
    if (tokens.shift() !== sign) understood = false;
  };
  const either = (): boolean => {
    let demanded = both();
    while (tokens[0] === '||') {
      expect('||');
      demanded = both() && demanded;
    }
    return demanded;
  };
  const both = (): boolean => {
    let demanded = single();
    while (tokens[0] === '&&') {
      expect('&&');
      demanded = single() || demanded;
    }
    return demanded;
  };
  const single = (): boolean => {
    const [first] = tokens;
    if (typeof first === 'object') {
      tokens.shift();
      return wanted(first);
    }
    if (first === '!') {
      expect('!');
      single();
      return false;
    }
    expect('(');
    const demanded = understood && either();
    expect(')');
    return demanded;
  };
  const demanded = either();
  return understood && tokens.length === 0 ? { matchers, demanded } : undefined;
}

function tokenize(rule: string): Token[] | undefined {
  if (rule.length > MAX_CHARACTERS) return undefined;
  const tokens: Token[] = [];
  const expression = new RegExp(token);
  while (expression.lastIndex < rule.length) {
    const { name, values, sign } = expression.exec(rule)?.groups ?? {};
    if (name !== undefined) tokens.push({ name, values: valuesOf(values ?? '') });
    else if (sign !== undefined && isSign(sign)) tokens.push(sign);
    else return undefined;
  }
  return tokens;
}

function valuesOf(list: string): string[] {
  return [...list.matchAll(/`([^`]*)`|"([^"]*)"/g)].map(([, ticked, quoted]) => ticked ?? quoted ?? '');
}
