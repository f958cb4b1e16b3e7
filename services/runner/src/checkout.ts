import { mkdir, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type GitAccess, GitFailed, git } from './git.ts';
import { DeadlinePassed } from './stop.ts';

/** Pauses between two tries, in milliseconds: a moment first, since `refs/pull/N/head` trails a push; then a forge is away. */
const PAUSES_MS = [1_000, 2_000, 5_000, 10_000, 30_000];
/** A commit that is not there is looked for this often: a push shows within seconds, or never. */
const LOOKS_FOR_ABSENT = 3;

/** The forge did not give a commit. `kind`: it was away until the run's time was up, it said no, or it no longer has it. */
export class CheckoutFailed extends Error {
  override readonly name = 'CheckoutFailed';
  readonly kind: GitFailed['kind'];
  readonly what: string;
  readonly said: string;
  constructor(what: string, { kind, said }: GitFailed, options: ErrorOptions) {
    super(`${what} could not be fetched from the forge (${kind}): ${said}`, options);
    this.kind = kind;
    this.what = what;
    this.said = said;
  }
}

export interface Fetching {
  readonly access: GitAccess;
  readonly signal: AbortSignal;
  /** Told once, when the forge does not answer and is asked again. */
  onAway(why: string): void;
}

/** A commit, and a reference under which it may also be found where the forge gives no commit by its id. */
export interface Wanted {
  readonly url: string;
  readonly commit: string;
  readonly reference: string | undefined;
}

/**
 * Puts exactly this commit into `folder`, which is emptied first. Nothing of it is run, submodules and large files stay away.
 * Tries again while the forge is away, until the signal is aborted. Throws CheckoutFailed.
 */
export async function checkout(wanted: Wanted, folder: string, fetching: Fetching): Promise<void> {
  await persist(`Commit ${wanted.commit.slice(0, 8)}`, fetching, async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const call = { folder, access: fetching.access, signal: fetching.signal };
    await git(['init', '--quiet', '--initial-branch=tested'], call);
    await fetchCommit(wanted, call);
    await git(['checkout', '--quiet', '--detach', wanted.commit], call);
  });
}

/** What a forge lists, by full names such as `refs/tags/1.0.0+1`. */
export interface References {
  /** The commit that each leads to: an annotated tag is followed to its commit. */
  readonly commits: ReadonlyMap<string, string>;
  /** Those that are annotated tags. */
  readonly annotated: ReadonlySet<string>;
}

/** What the forge lists under these patterns. Throws CheckoutFailed. */
export async function references(url: string, patterns: readonly string[], fetching: Fetching): Promise<References> {
  const call = { folder: '/', access: fetching.access, signal: fetching.signal };
  return await persist('The list of releases', fetching, async () =>
    readReferences(await git(['ls-remote', url, ...patterns], call)),
  );
}

/** Reads what `git ls-remote` prints. `name^{}` is what an annotated tag stands for. */
export function readReferences(listing: string): References {
  const commits = new Map<string, string>();
  const annotated = new Set<string>();
  for (const line of listing.split('\n')) {
    const [sha, name] = line.split('\t');
    // The line of the tag object itself comes first.
    if (!sha || !name) continue;
    const peeled = name.replace(/\^\{\}$/, '');
    commits.set(peeled, sha);
    if (peeled !== name) annotated.add(peeled);
  }
  return { commits, annotated };
}

async function fetchCommit({ url, commit, reference }: Wanted, call: Parameters<typeof git>[1]): Promise<void> {
  const fetch = ['fetch', '--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules', url];
  try {
    await git([...fetch, commit], call);
  } catch (error) {
    if (!(error instanceof GitFailed && error.kind === 'absent' && reference !== undefined)) throw error;
    await git([...fetch, reference], call);
    const tip = await git(['rev-parse', 'FETCH_HEAD'], call);
    if (tip !== commit) throw error;
  }
}

/** Does `work` until it succeeds, as long as trying again can help. */
async function persist<T>(what: string, { signal, onAway }: Fetching, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GitFailed)) throw error;
      if (isFinal(error, tries)) throw new CheckoutFailed(what, error, { cause: error });
      if (error.kind === 'unreachable' && tries === 1) onAway(error.said);
      await pause(PAUSES_MS[tries - 1] ?? PAUSES_MS.at(-1), undefined, { signal }).catch(() => {
        // Out of time because of the forge: that is what has to be said.
        throw signal.reason instanceof DeadlinePassed ? new CheckoutFailed(what, error, { cause: signal.reason }) : signal.reason;
      });
    }
  }
}

function isFinal({ kind }: GitFailed, tries: number): boolean {
  return kind === 'denied' || (kind === 'absent' && tries >= LOOKS_FOR_ABSENT);
}
