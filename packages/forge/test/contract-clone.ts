import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface RepoPlace {
  owner: string;
  name: string;
}

export type ContractClone = Awaited<ReturnType<typeof contractClone>>;

/**
 * A bare clone with the branches of all tests, in a folder of its own. Commits are made without a working tree, since many are needed.
 * Tokens go through the environment, never into arguments.
 */
export async function contractClone(forgeUrl: string) {
  const folder = await mkdtemp(join(tmpdir(), 'ccci-contract-'));
  const git = async (args: string[], { token, input = '' }: { token?: string; input?: string } = {}): Promise<string> => {
    const env = { ...environment, HOME: folder, ...(token === undefined ? {} : extraHeader(token)) };
    const running = run('git', args, { cwd: folder, env });
    // A git that has ended by then says why by its exit code.
    running.child.stdin?.on('error', () => {}).end(input);
    return (await running).stdout.trim();
  };
  const address = ({ owner, name }: RepoPlace) => `${forgeUrl}/${owner}/${name}.git`;
  const emptyRepository = async () => {
    const at = await mkdtemp(join(folder, 'git-'));
    await git(['init', '--quiet', '--bare', at]);
    return at;
  };
  const home = await emptyRepository();
  /** The commits of each branch, oldest first. */
  const branches = new Map<string, string[]>();

  /** Sets a branch to what it was so far and a commit with a file of its own. */
  const commitAfter = async (branch: string, earlier: string[], message: string): Promise<string> => {
    const input = fastImport(branch, earlier.at(-1), message);
    const sha = await git(['--git-dir', home, 'fast-import', '--quiet', '--force', '--date-format=now'], { input });
    branches.set(branch, [...earlier, sha]);
    return sha;
  };

  return {
    /** A new commit on a branch, which starts at main if it is new; returns the full sha. */
    commit: (branch: string, message: string) => commitAfter(branch, branches.get(branch) ?? branches.get('main') ?? [], message),

    /** Puts another commit in the place of a branch's last one. */
    rewrite: (branch: string, message: string) => commitAfter(branch, branches.get(branch)?.slice(0, -1) ?? [], message),

    /** Pushes a branch, or what another refspec says, as if by `git push --force`. */
    push: async (to: RepoPlace, { token }: { token: string }, refspec: string): Promise<void> => {
      await git(['--git-dir', home, 'push', '--quiet', '--force', address(to), refspec], { token });
    },

    /** What a ref is on the forge; '' when it is absent. */
    remote: async (at: RepoPlace, { token }: { token: string }, ref: string): Promise<string> => {
      const line = await git(['ls-remote', address(at), ref], { token });
      return line.split('\t')[0] ?? '';
    },

    /** Fetches one commit by its id, without history, as anybody. */
    fetchCommit: async (from: RepoPlace, sha: string): Promise<string> => {
      const elsewhere = await emptyRepository();
      await git(['--git-dir', elsewhere, 'fetch', '--quiet', '--depth=1', address(from), sha]);
      return await git(['--git-dir', elsewhere, 'rev-parse', 'FETCH_HEAD']);
    },

    /** Any other git, in a folder where it may leave things. */
    git,

    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true, force: true }),
  };
}

/** What `git fast-import` makes one commit of, and answers with its id. */
function fastImport(branch: string, parent: string | undefined, message: string): string {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const file = `${randomBytes(4).toString('hex')}.txt`;
  return [
    `commit refs/heads/${branch}\nmark :1\n`,
    `committer A contract test <contract@example.org> now\n`,
    data(message),
    parent === undefined ? '' : `from ${parent}\n`,
    `M 100644 inline ${file}\n${data(message)}`,
    'get-mark :1\n',
  ].join('');
}

const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };

function extraHeader(token: string) {
  return { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'http.extraHeader', GIT_CONFIG_VALUE_0: `Authorization: token ${token}` };
}
