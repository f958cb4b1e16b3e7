/** The git work of the double, on bare repositories. */
import { appendFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** Nothing of the machine's own git settings, and no prompt. */
export const gitEnvironment = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

/** In the configuration of each repository. */
const settings = `
[uploadpack]
	# As Gitea sets them: any commit can be fetched by its id, and partially.
	allowAnySHA1InWant = true
	allowFilter = true
[gc]
	# What was force-pushed away stays fetchable, as on a forge before its garbage collection.
	auto = 0
`;

async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa('git', ['--git-dir', folder, ...args], {
    env: gitEnvironment,
    extendEnv: false,
    stdin: 'ignore',
  });
  return stdout;
}

/** True or false by exit code 0 or 1; other codes throw. */
async function holds(folder: string, ...args: string[]): Promise<boolean> {
  const options = { env: gitEnvironment, extendEnv: false, stdin: 'ignore', reject: false } as const;
  const done = await execa('git', ['--git-dir', folder, ...args], options);
  if (done.exitCode === 0 || done.exitCode === 1) return done.exitCode === 0;
  throw new Error(`git ${args.join(' ')} in ${folder}: ${done.stderr}`);
}

/** A new bare repository, empty or with the branches and tags of another one. It appears whole or not at all. */
export async function createBare(folder: string, defaultBranch: string, copyOf?: string): Promise<void> {
  const partial = `${folder}.new`;
  await git(partial, 'init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`, partial);
  await appendFile(join(partial, 'config'), settings);
  if (copyOf) await git(partial, 'fetch', '--quiet', copyOf, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*');
  await rename(partial, folder);
}

export async function setDefaultBranch(folder: string, branch: string): Promise<void> {
  await git(folder, 'symbolic-ref', 'HEAD', `refs/heads/${branch}`);
}

/** Full name to commit or tag id, of branches and tags. */
export async function refsOf(folder: string): Promise<Map<string, string>> {
  const lines = await git(folder, 'for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads', 'refs/tags');
  const refs = new Map<string, string>();
  for (const line of lines.split('\n')) {
    const [name, id] = line.split(' ');
    if (name && id) refs.set(name, id);
  }
  return refs;
}

/** The commit that a name means here, or undefined. */
export async function commitOf(folder: string, name: string): Promise<string | undefined> {
  const options = { env: gitEnvironment, extendEnv: false, stdin: 'ignore', reject: false } as const;
  const done = await execa(
    'git',
    ['--git-dir', folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
    options,
  );
  return done.exitCode === 0 ? done.stdout : undefined;
}

export async function isAncestor(folder: string, older: string, newer: string): Promise<boolean> {
  return await holds(folder, 'merge-base', '--is-ancestor', older, newer);
}

/** '' when they have none. */
export async function mergeBase(folder: string, one: string, other: string): Promise<string> {
  return await git(folder, 'merge-base', one, other).catch(() => '');
}

/** Commits of `to` that none of `without` has, oldest first. */
export async function commitsBetween(folder: string, to: string, without: string[]): Promise<string[]> {
  const lines = await git(folder, 'rev-list', '--reverse', to, ...without.map((ref) => `^${ref}`), '--');
  return lines.split('\n').filter((line) => line !== '');
}

/** Brings a commit with its history from another repository. */
export async function bring(folder: string, from: string, commit: string): Promise<void> {
  await git(folder, 'fetch', '--quiet', '--no-write-fetch-head', from, commit);
}

export async function setRef(folder: string, ref: string, commit: string): Promise<void> {
  await git(folder, 'update-ref', ref, commit);
}

export interface CommitFacts {
  sha: string;
  parents: string[];
  authorName: string;
  authorEmail: string;
  /** RFC 3339. */
  date: string;
  message: string;
}

/** What there is to say about a commit. */
export async function commitFacts(folder: string, sha: string): Promise<CommitFacts> {
  const text = await git(folder, 'show', '--no-patch', '--format=%P%n%an%n%ae%n%aI%n%B', sha);
  const [parents = '', authorName = '', authorEmail = '', date = '', ...message] = text.split('\n');
  return { sha, parents: parents.split(' ').filter(Boolean), authorName, authorEmail, date, message: message.join('\n') };
}
