import { code } from './words.ts';

/** What is wrong, as far as it can be told from what was said about it. */
export interface KnownCause {
  /** Half a sentence that begins with "it". */
  readonly clause: string;
  readonly remedy: string;
}

interface Pattern {
  readonly says: RegExp;
  /** @param named what the expression caught, where it caught something */
  readonly clause: (named: string | undefined) => string;
  readonly remedy: string;
}

const what = (named: string | undefined, otherwise: string): string => (named === undefined ? otherwise : code(named));

/** What apps say of themselves, in the words of their languages, libraries and shells. The first that matches a line counts. */
const patterns: readonly Pattern[] = [
  {
    says: /\/run\/secrets\/([\w.-]+)\W.*(?:no such file|not found|cannot (?:open|read))|(?:no such file|ENOENT|cannot (?:open|read)).*\/run\/secrets\/([\w.-]+)/i,
    clause: (named) => `it looks for the secret ${what(named, 'file')}, which it is not given`,
    remedy: 'Name it under `secrets` of the service and of the document, and give `.env.sample` its `SECRET_…_VERSION`.',
  },
  {
    says: /(?:getaddrinfo|lookup|resolve host|translate host name|host not found in upstream|unknown host|php_network_getaddresses)\W+(?:(?:ENOTFOUND|EAI_AGAIN|failed|for)\W+)*([a-z][\w.-]*)|no such host|name or service not known|temporary failure in name resolution|name does not resolve/i,
    clause: (named) => `it does not find ${what(named, 'another service')} by its name`,
    remedy: 'Look at the name in its variables, at the service of that name, and at the networks that the two share.',
  },
  {
    says: /password authentication failed|access denied for user|(?:authentication|auth) failed|WRONGPASS|NOAUTH/i,
    clause: () => 'it is not let in by its database',
    remedy: 'Both have to be given the same secret: look at its name and its version, and at the variables that lead to it.',
  },
  {
    says: /ECONNREFUSED|connection refused/i,
    clause: () => 'it reaches nobody where it looks for another service',
    remedy:
      'Look at the address and the port in its variables. Where the other one only takes its time, let it be asked again, or give it a `healthcheck`.',
  },
  {
    says: /executable file not found in \$PATH|exec:? "?([^\s":]+)"?: (?:no such file|not found)|([\w./-]+): (?:command )?not found$/i,
    clause: (named) => `its image does not have the command ${what(named, 'that it is started with')}`,
    remedy: 'Look at `command` and `entrypoint`, and at what the image of this tag has.',
  },
  {
    says: /exec format error/i,
    clause: () => 'its image is for another kind of processor',
    remedy: 'Name an image that is there for the processor of this host as well.',
  },
  {
    says: /read-only file system(?:.*?['"]?(\/[\w./-]+))?|(?:EROFS).*?['"]?(\/[\w./-]+)/i,
    clause: (named) => `it may not change ${what(named, 'a file')}, which is read-only`,
    remedy: 'Configs and secrets cannot be written to: let the entrypoint copy them to where the app may change them.',
  },
  {
    says: /(?:permission denied|EACCES|operation not permitted).*?['"]?(\/[\w./-]+)|['"]?(\/[\w./-]+)['"]?:? .*(?:permission denied|EACCES|operation not permitted)/i,
    clause: (named) => `it may not use ${what(named, 'a file')}`,
    remedy: 'Look at the user that the image runs as, and at whom the volume or the file belongs to.',
  },
  {
    says: /EADDRINUSE|address already in use/i,
    clause: () => 'a port that it wants is taken by something else in its container',
    remedy: 'Look at the ports in its variables, and whether it is started twice.',
  },
  {
    says: /heap out of memory|OutOfMemoryError|cannot allocate memory|MemoryError/i,
    clause: () => 'it has too little memory',
    remedy: 'Give it a higher limit under `deploy.resources`, or let it use less.',
  },
  {
    says: /\b([A-Z][A-Z0-9_]{2,})\b:? (?:(?:environment )?variable )?(?:is |must be |was )?(?:required|not set|unset|missing|unbound variable|parameter not set|not defined)|(?:missing|required|undefined) (?:environment |required )*variable:? ["'`]?([A-Z][A-Z0-9_]{2,})/,
    clause: (named) => `it wants the variable ${what(named, '')}, which is not set`,
    remedy: 'Name it under `environment` of the service, and give `.env.sample` a value for it.',
  },
  {
    says: /relation "([^"]+)" does not exist|no such table:? (\S+)|Table '([^']+)' doesn't exist/i,
    clause: (named) => `it does not find the table ${what(named, '')} in its database`,
    remedy: 'Look whether its migrations run, and on the database that it then uses.',
  },
];

/** What tells something does so at the start of a line; a stranger's endless one must not keep anybody busy. Characters. */
const LONGEST_READ = 500;

/** What the last lines say that can be told; the very last one that tells something counts. */
export function knownCause(lines: readonly string[]): KnownCause | undefined {
  for (const line of lines.toReversed()) {
    for (const { says, clause, remedy } of patterns) {
      const match = says.exec(line.slice(0, LONGEST_READ));
      if (match)
        return { clause: clause(match.slice(1).find((part) => part !== undefined)), remedy: `${remedy} Push, then ask again.` };
    }
  }
  return undefined;
}
