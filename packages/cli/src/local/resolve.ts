import { readReferences } from '@cc-ci/runner/service';
import { exitCodes } from '@cc-ci/shared/service/errors';
import { execa } from 'execa';

/** A commit was asked for that the repository does not show. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown';
  readonly exitCode = exitCodes.failed;
}

const FULL = /^[0-9a-f]{40}$/;
/** Fewer digits than these may be a branch as well. */
const SHORT = /^[0-9a-f]{7,39}$/;

/**
 * The full id of a commit that is named by its id, its start, a tag or a branch; without a name, of the default branch.
 * Throws CommitUnknown.
 */
export async function resolveCommit(url: string, wanted: string | undefined, signal: AbortSignal): Promise<string> {
  if (wanted !== undefined && FULL.test(wanted)) return wanted;
  const env = { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
  const done = await execa('git', ['ls-remote', url], { env, reject: false, stdin: 'ignore', cancelSignal: signal });
  signal.throwIfAborted();
  if (done.failed) throw new CommitUnknown(`${url} cannot be read: ${done.stderr.trim() || done.shortMessage}`);
  const found = commitIn(done.stdout, wanted);
  if (found !== undefined) return found;
  throw new CommitUnknown(
    wanted === undefined
      ? `${url} has no default branch.`
      : `${url} shows no commit, tag or branch \`${wanted}\`. A commit that is no tip of any is named by all 40 digits of its id.`,
  );
}

/** @param listing what `git ls-remote` prints */
export function commitIn(listing: string, wanted: string | undefined): string | undefined {
  const { commits } = readReferences(listing);
  if (wanted === undefined) return commits.get('HEAD');
  const names = [`refs/tags/${wanted}`, `refs/heads/${wanted}`, wanted];
  const named = names.map((name) => commits.get(name)).find((sha) => sha !== undefined);
  if (named !== undefined || !SHORT.test(wanted)) return named;
  const starting = new Set([...commits.values()].filter((sha) => sha.startsWith(wanted)));
  return starting.size === 1 ? [...starting][0] : undefined;
}
