/** Pull requests and what pushes do to them. */
import * as git from './git.ts';
import { addEvent, isPull, newIssue, setState } from './issues.ts';
import { Refusal } from './refusal.ts';
import type { Person, PullRequest, Repository, World } from './world.ts';

export const pullRef = (pull: PullRequest) => `refs/pull/${pull.number}/head`;
const branchRef = (branch: string) => `refs/heads/${branch}`;

export interface Opening {
  title: string;
  body: string;
  base: string;
  head: { repository: Repository; branch: string };
}

/** Opens a pull request. 404 when a branch is missing, 409 when there is one already. */
export async function openPullRequest(
  world: World,
  repository: Repository,
  author: Person,
  opening: Opening,
): Promise<PullRequest> {
  const { title, body, base, head } = opening;
  const sha = await git.commitOf(head.repository.folder, branchRef(head.branch));
  if (!sha || !(await git.commitOf(repository.folder, branchRef(base)))) throw new Refusal(404, "The target couldn't be found.");
  const same = repository.issues.some(
    (one) =>
      isPull(one) &&
      one.state === 'open' &&
      one.pull.base === base &&
      one.pull.head.repository === head.repository &&
      one.pull.head.branch === head.branch,
  );
  if (same) throw new Refusal(409, 'pull request already exists for these targets');
  const pull: PullRequest = { ...newIssue(world, repository, author, { title, body }), pull: { base, head } };
  repository.issues.push(pull);
  await inTurn(repository, async () => {
    await takeHead(world, pull, sha);
    await writeOpeningEntry(world, pull, author);
  });
  world.events.emit('change');
  return pull;
}

/** A new target branch: all push entries go, and one is written that lists the commits against the new target. */
export async function retarget(world: World, pull: PullRequest, who: Person, base: string): Promise<void> {
  if (pull.pull.base === base) return;
  if (!(await git.commitOf(pull.repository.folder, branchRef(base)))) throw new Refusal(404, "The target couldn't be found.");
  await inTurn(pull.repository, async () => {
    pull.pull.base = base;
    pull.timeline = pull.timeline.filter((entry) => entry.kind !== 'push');
    addEvent(world, pull, who, 'change_target_branch');
    await writeOpeningEntry(world, pull, who);
  });
  world.events.emit('change');
}

/** The tip of the head branch now; where that is gone, what the base remembers. */
export async function headOf(world: World, pull: PullRequest): Promise<string> {
  const { repository, branch } = pull.pull.head;
  const tip = world.repositories.has(repository.id) ? await git.commitOf(repository.folder, branchRef(branch)) : undefined;
  return tip ?? (await git.commitOf(pull.repository.folder, pullRef(pull))) ?? '';
}

/** '' when the target branch is gone. */
export async function baseOf(pull: PullRequest): Promise<string> {
  return (await git.commitOf(pull.repository.folder, branchRef(pull.pull.base))) ?? '';
}

/** The commits that the pull request brings, newest first. */
export async function commitsOf(pull: PullRequest): Promise<git.CommitFacts[]> {
  const { folder } = pull.repository;
  const shas = await git.commitsBetween(folder, pullRef(pull), [branchRef(pull.pull.base)]);
  return await Promise.all(shas.reverse().map((sha) => git.commitFacts(folder, sha)));
}

/** Refs before and after a push. */
export interface Pushed {
  before: Map<string, string>;
  after: Map<string, string>;
}

/** What a push to a repository leads to: its pull requests follow, in the background. */
export async function afterPush(world: World, pushed: Repository, pusher: Person, { before, after }: Pushed): Promise<void> {
  pushed.updatedAt = world.now();
  pushed.empty = ![...after.keys()].some((ref) => ref.startsWith('refs/heads/'));
  await adoptDefaultBranch(pushed, after);
  for (const pull of pullsFrom(world, pushed)) {
    const ref = branchRef(pull.pull.head.branch);
    const [old, now] = [before.get(ref), after.get(ref)];
    if (old === now || pull.state === 'closed') continue;
    if (now === undefined) setState(world, pull, pusher, 'closed');
    else await inBackground(world, () => inTurn(pull.repository, () => headMoved(world, pull, pusher, { old, now })));
  }
  world.events.emit('change');
}

function pullsFrom(world: World, head: Repository): PullRequest[] {
  const issues = [...world.repositories.values()].flatMap((repository) => repository.issues);
  return issues.filter(isPull).filter((pull) => pull.pull.head.repository === head);
}

/** The first branch of an empty repository becomes its default. */
async function adoptDefaultBranch(repository: Repository, refs: Map<string, string>): Promise<void> {
  if (refs.has(branchRef(repository.defaultBranch))) return;
  const first = [...refs.keys()].find((ref) => ref.startsWith('refs/heads/'));
  if (!first) return;
  repository.defaultBranch = first.slice('refs/heads/'.length);
  await git.setDefaultBranch(repository.folder, repository.defaultBranch);
}

async function inBackground(world: World, task: () => Promise<void>): Promise<void> {
  if (world.heldPushTasks) world.heldPushTasks.push(task);
  else await task();
}

async function headMoved(
  world: World,
  pull: PullRequest,
  pusher: Person,
  { old, now }: { old: string | undefined; now: string },
) {
  await takeHead(world, pull, now);
  const { folder } = pull.repository;
  const forced = old !== undefined && !(await git.isAncestor(folder, old, now));
  const without = [branchRef(pull.pull.base), ...(old ? [old] : [])];
  const commits = forced ? [old, now] : await git.commitsBetween(folder, now, without);
  addPush(world, pull, pusher, forced, commits);
}

/** Brings the commit into the base repository and points `refs/pull/N/head` at it. */
async function takeHead(world: World, pull: PullRequest, sha: string): Promise<void> {
  const { repository } = pull;
  const from = pull.pull.head.repository;
  if (from !== repository) await git.bring(repository.folder, from.folder, sha);
  if (!world.faults.stalePullRefs) await git.setRef(repository.folder, pullRef(pull), sha);
}

async function writeOpeningEntry(world: World, pull: PullRequest, who: Person): Promise<void> {
  const head = await headOf(world, pull);
  addPush(world, pull, who, false, await git.commitsBetween(pull.repository.folder, head, [branchRef(pull.pull.base)]));
}

/** A push that brings nothing beyond the base leaves no entry. */
function addPush(world: World, pull: PullRequest, author: Person, forced: boolean, commits: string[]): void {
  if (commits.length === 0) return;
  const now = world.now();
  pull.timeline.push({ kind: 'push', id: world.nextId('entry'), author, createdAt: now, forced, commits });
  pull.updatedAt = now;
  world.events.emit('change');
}

/** One after the other on a repository's refs, also after a failure. */
export async function inTurn<T>(repository: Repository, work: () => Promise<T>): Promise<T> {
  const before = repository.refsSettled;
  const done = before.then(work);
  repository.refsSettled = done.then(
    () => {},
    () => {},
  );
  return await done;
}
