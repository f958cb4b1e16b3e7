/**
 * What cc-ci asks of a forge, and nothing else. Gitea's implementation is in gitea.ts.
 *
 * Words
 * - *forge*: the server that holds repositories, pull requests and comments.
 * - *repository*: keyed by its numeric `id`; `owner` and `name` change when it is renamed or moved, and are only its address today.
 * - *comment*: a plain comment on an issue or pull request. Reviews and inline remarks are not comments here.
 * - *push*: an entry of a pull request's timeline. Pushes and comments share one id sequence: order them by id, never by time.
 * - *head*: the tip of the pull request's branch now; `refs/pull/N/head` may trail it for a moment.
 * - *member*: somebody whom the organisation counts as its own.
 *
 * Rules
 * - Every failure is a `ForgeError` of errors.ts; `retry` says whether asking again later can help. Nothing else is thrown.
 * - Reading may be repeated at will. Failures of the network, 429 and 502 to 504 have already been tried again when they surface.
 * - Writing is tried once. After `ForgeUnreachable` or `ForgeAnswerUnusable` a created comment may exist all the same: look for your
 *   marker before you create it again. Editing to the same text, deleting, adding and removing a reaction may be repeated.
 * - `ForgeAnswerUnusable` is neither yes nor no: never decide on it.
 * - Times are the forge's own, in whole seconds. Take a cursor from `serverTime` or `updatedAt`, never from the local clock.
 */
import type {
  Comment,
  CommitStatus,
  ForgeUser,
  Hook,
  HookState,
  IssueSeen,
  NewCommitStatus,
  PullRequest,
  Push,
  Reaction,
  RepoRef,
  Repository,
} from './schema.ts';

/** What needs read rights only. */
export interface ForgeReader {
  /** The account of the token. Fails as refused without one. */
  me(): Promise<ForgeUser>;

  /** The forge's version, such as `1.27.1` or `11.0.1+gitea-1.22.0`. */
  version(): Promise<string>;

  /**
   * Issues and pull requests of an owner, of any state, that moved at `since` or later. A new comment or push moves one;
   * an edited or deleted comment, a reaction and a commit status do not.
   */
  searchIssues(query: { owner: string; since: Date }): Promise<IssuesSeen>;

  /** Every repository of an organisation or user that the token can see, archived ones too. */
  repositories(owner: string): Promise<Repository[]>;

  /** Whether an owner is an organisation or a person. Fails as not found when it is neither, or invisible. */
  ownerKind(owner: string): Promise<'organisation' | 'person'>;

  /** Fails as moved when it was renamed, as not found when it is absent or invisible: the forge does not tell these two apart. */
  repository(ref: RepoRef): Promise<Repository>;

  /** The commit at the tip of a branch, or undefined when there is no such branch. */
  branchHead(ref: RepoRef, branch: string): Promise<string | undefined>;

  /** All comments of one issue or pull request, oldest first; with `since`, those created or edited then or later. */
  comments(ref: RepoRef, number: number, since?: Date): Promise<Comment[]>;

  /** One comment as it is now, or undefined when it was deleted, or is not a comment. */
  comment(ref: RepoRef, id: number): Promise<Comment | undefined>;

  /** Costly for the forge: ask only once a command was found. A forge that could not assemble it answers unusably, for now. */
  pullRequest(ref: RepoRef, number: number): Promise<PullRequest>;

  /** The full shas of the pull request's commits, newest first. */
  pullCommits(ref: RepoRef, number: number): Promise<string[]>;

  /** What happened to the head of a pull request. Written by the forge in the background: the last push may be missing for a moment. */
  timeline(ref: RepoRef, number: number): Promise<Timeline>;

  /** Whether a user belongs to an organisation, as far as this token may know. */
  membership(organisation: string, login: string): Promise<Membership>;

  /** Whether a user was added to this repository directly. Its owner is not a collaborator. */
  isCollaborator(ref: RepoRef, login: string): Promise<boolean>;
}

/** What the reporter alone may do: speak. */
export interface ForgeWriter {
  me(): Promise<ForgeUser>;

  /** See `ForgeReader.comments`: to find one's own marker. */
  comments(ref: RepoRef, number: number, since?: Date): Promise<Comment[]>;

  createComment(ref: RepoRef, number: number, body: string): Promise<Comment>;

  /** Fails as not found when somebody deleted it. */
  editComment(ref: RepoRef, id: number, body: string): Promise<Comment>;

  /** Also succeeds when it is already gone. */
  deleteComment(ref: RepoRef, id: number): Promise<void>;

  reactions(ref: RepoRef, commentId: number): Promise<Reaction[]>;
  addReaction(ref: RepoRef, commentId: number, content: string): Promise<void>;
  removeReaction(ref: RepoRef, commentId: number, content: string): Promise<void>;

  /** Whether the account may write code here, which a commit status needs. The token's scope shows only when a status is posted. */
  canPush(ref: RepoRef): Promise<boolean>;

  /** Every status ever posted on a commit, newest first; the first of a context is the one that counts. */
  statuses(ref: RepoRef, sha: string): Promise<CommitStatus[]>;

  /** Adds a row; nothing is edited. The commit must exist in `ref` itself: for a fork's pull request that is the base repository. */
  createStatus(ref: RepoRef, sha: string, status: NewCommitStatus): Promise<CommitStatus>;
}

/** What only administrators of a repository may do. */
export interface ForgeHooks {
  /** All hooks of a repository, whoever made them. Fails as refused without the right. */
  hooks(ref: RepoRef): Promise<Hook[]>;

  /** Makes one more hook, also where there is one with the same address. */
  createHook(ref: RepoRef, state: HookState, secret: string): Promise<Hook>;

  /** Brings a hook into this state. Its secret stays: the forge does not change it, nor does it say so. */
  editHook(ref: RepoRef, id: number, state: HookState): Promise<Hook>;

  /** Also succeeds when it is already gone. */
  deleteHook(ref: RepoRef, id: number): Promise<void>;
}

/** Oldest first. */
export interface Timeline {
  pushes: Push[];
  /**
   * Ids of entries that hide pushes, of the same sequence as the ids of pushes and comments: while a pull request is closed its pushes
   * leave no entry, and a change of its target branch takes the entries of all pushes before it away.
   */
  gaps: number[];
}

/** `serverTime` is when the first page was answered: whatever moved later is found by asking again from there. */
export interface IssuesSeen {
  issues: IssueSeen[];
  serverTime: Date;
}

/**
 * `only-public-visible`: the token's account is outside the organisation, may see public members only, and this user is none of them.
 * A private member looks the same, so it is not a no.
 */
export type Membership = 'member' | 'not-member' | 'only-public-visible';
