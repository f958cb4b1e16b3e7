import { execa } from 'execa';

/** No single command takes longer than this; the largest recipes are cloned in seconds. Milliseconds. */
const COMMAND_LIMIT_MS = 5 * 60_000;
/** References of a large repository fit many times. Bytes. */
const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024;

/** Why git could not: it could not ask, it was sent away, or there is no such thing. */
export type GitTrouble = 'unreachable' | 'denied' | 'absent';

/** A git command failed. `said` is what it wrote, without the token. */
export class GitFailed extends Error {
  override readonly name = 'GitFailed';
  readonly kind: GitTrouble;
  readonly said: string;
  constructor(doing: string, kind: GitTrouble, said: string) {
    super(`git could not ${doing}: ${said}`);
    this.kind = kind;
    this.said = said;
  }
}

/** Whom the token may be shown to: every address below this one, and nobody else. */
export interface GitAccess {
  readonly forgeUrl: string;
  token(): Promise<string | undefined>;
  /** Whether repositories of this host may be fetched too. */
  readonly fromDisk?: boolean;
}

export interface GitCall {
  readonly folder: string;
  readonly access: GitAccess;
  readonly signal: AbortSignal;
}

/**
 * Runs `git <args>` and gives what it printed. The repository is a stranger's: no hooks, no settings of this host, no other
 * way than HTTP, unless this host's disk is one; the token travels in the environment. Throws GitFailed, and the signal's reason when aborted.
 */
export async function git(args: readonly string[], { folder, access, signal }: GitCall): Promise<string> {
  const token = await access.token();
  const done = await execa(await gitFile(), args, {
    cwd: folder,
    env: environmentOf(access, token),
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: COMMAND_LIMIT_MS,
    maxBuffer: OUTPUT_LIMIT_BYTES,
    killDescendants: true,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  if (!done.failed) return done.stdout;
  const said = done.timedOut ? `it did not end within ${COMMAND_LIMIT_MS / 60_000} minutes` : lastLines(done.stderr);
  throw new GitFailed(
    String(args.find((arg) => !arg.startsWith('-'))),
    troubleOf(done.stderr),
    said || done.shortMessage || 'no reason given',
  );
}

/** What git is told, and all that it is told. */
function environmentOf({ forgeUrl, fromDisk }: GitAccess, token: string | undefined): Record<string, string> {
  const settings: Record<string, string> = {
    'core.hooksPath': '/dev/null',
    'core.fsmonitor': 'false',
    'core.autocrlf': 'false',
    'protocol.allow': 'never',
    'protocol.https.allow': 'always',
    'protocol.http.allow': 'always',
    ...(fromDisk && { 'protocol.file.allow': 'always' }),
    'submodule.recurse': 'false',
    'gc.auto': '0',
    'advice.detachedHead': 'false',
    ...(token && { [`http.${forgeUrl.replace(/\/+$/, '')}/.extraHeader`]: `Authorization: token ${token}` }),
  };
  const numbered = Object.entries(settings).flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    // An empty home and no system file: nothing of the host's own git is obeyed.
    HOME: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
    // Answers are told apart by their words.
    LC_ALL: 'C',
    GIT_CONFIG_COUNT: String(Object.keys(settings).length),
    ...Object.fromEntries(numbered),
  };
}

let found: Promise<string> | undefined;

/** The path of git. Children get no PATH, so it is looked up once, with ours. */
async function gitFile(): Promise<string> {
  found ??= execa('sh', ['-c', 'command -v git'], { stdin: 'ignore', reject: false }).then(({ stdout }) => stdout);
  const file = await found;
  if (file === '') throw new GitFailed('be started', 'unreachable', 'there is no git on PATH of this host; install it');
  return file;
}

/** git says in words only what went wrong: they are read here and nowhere else. */
function troubleOf(stderr: string): GitTrouble {
  // The last two: a tag may stand for a file or a folder, and then it leads to no commit.
  if (/not our ref|unadvertised object|couldn't find remote ref|no such remote ref|is not a tree|non-commit/i.test(stderr))
    return 'absent';
  if (
    /authentication failed|could not read (?:username|password)|error: 40[13]|repository '.*' not found|not found$/im.test(stderr)
  )
    return 'denied';
  return 'unreachable';
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' ').replaceAll(/\s+/g, ' ');
}
