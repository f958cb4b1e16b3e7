/** What an untrusted recipe may not ask of the host. */
export type Rule =
  | 'host-path'
  | 'docker-socket'
  | 'host-namespace'
  | 'privilege'
  | 'capability'
  | 'sysctl'
  | 'device'
  | 'port'
  | 'foreign-name'
  | 'foreign-route'
  | 'reserved-label'
  | 'path-outside'
  | 'driver'
  | 'unknown-key';

/** These would hand a run the files or the labels of others: no operator can allow them. */
const absolute: ReadonlySet<Rule> = new Set(['path-outside', 'reserved-label']);

/** One thing the recipe asks for and does not get. */
export interface Violation {
  readonly rule: Rule;
  readonly service?: string;
  /** Where: `services.app.volumes`, `networks.lan.driver`; for a path as written, `compose.yml:12 env_file`. */
  readonly key: string;
  /** What exactly: `/etc/localtime`, `64738/udp`, `NET_ADMIN`. */
  readonly value: string;
  /** One sentence. */
  readonly problem: string;
  /** One sentence. */
  readonly remedy: string;
}

/** What is wrong with one service, before it is known which. */
export interface Finding {
  readonly rule: Rule;
  readonly key: string;
  readonly value: string;
  /** Goes on after "Service `app` ", without a full stop. */
  readonly does: string;
  readonly instead: string;
}

/** What operators allow one recipe: a whole rule (`port`), or one thing under it (`port:64738/udp`). */
export type PolicyException = string;

/** Against what a document is judged. */
export interface Policy {
  readonly stack: string;
  /** The app's own, in small letters. */
  readonly domain: string;
  /** Absolute, symlinks resolved. */
  readonly checkout: string;
  /** The real path, or undefined where nothing is there. */
  resolve(path: string): string | undefined;
  /** External networks that every app may join, e.g. `proxy`. */
  readonly allowedNetworks: readonly string[];
  readonly exceptions: readonly PolicyException[];
}

/** A violation whose remedy says what to do instead, or what to ask the operators for. `instead` is a clause without a full stop. */
export function violation(facts: Omit<Violation, 'remedy'> & { readonly instead: string }): Violation {
  const { instead, ...found } = facts;
  const exception = `${found.rule}:${found.value}`;
  const remedy = absolute.has(found.rule)
    ? `${instead}.`
    : `${instead}, or ask an operator to allow \`${exception}\` for this recipe.`;
  return { ...found, remedy };
}

/** Whether operators allow this. */
export function isAllowed({ rule, value }: Violation, exceptions: readonly PolicyException[]): boolean {
  return !absolute.has(rule) && (exceptions.includes(rule) || exceptions.includes(`${rule}:${value}`));
}
