/**
 * The state of the forge double: a small world in memory, with its git repositories in a folder. No rules here, only what there is.
 *
 * Words: an *account* is a person or an organisation; an *issue* is a plain one or a pull request (`pull` tells); an *entry* is a row of
 * an issue's timeline. Comments, pushes and events share one id sequence, as in Gitea.
 */
import { EventEmitter } from 'node:events';

export type Role = 'read' | 'write' | 'admin';

export interface Person {
  kind: 'person';
  id: number;
  login: string;
  password: string;
  siteAdmin: boolean;
  createdAt: Date;
  /** Shown as Ghost from then on. */
  deleted: boolean;
}

export interface Team {
  id: number;
  name: string;
  role: Role;
  people: Set<Person>;
}

export interface Organisation {
  kind: 'organisation';
  id: number;
  login: string;
  createdAt: Date;
  /** The first one is Owners. Who is in any of them is a member. */
  teams: Team[];
  /** Members who show that they are. */
  openly: Set<Person>;
}

export type Account = Person | Organisation;

export interface Token {
  id: number;
  name: string;
  secret: string;
  person: Person;
  /** Such as `read:issue`, `write:repository`, `all`. */
  scopes: readonly string[];
}

export interface Repository {
  id: number;
  owner: Account;
  name: string;
  private: boolean;
  archived: boolean;
  /** Without any branch. */
  empty: boolean;
  defaultBranch: string;
  parent: Repository | undefined;
  collaborators: Map<Person, Role>;
  /** The bare git repository. Named by id: it stays when the repository is renamed. */
  folder: string;
  createdAt: Date;
  updatedAt: Date;
  /** Each number belongs to one issue or pull request; the index is the number less one. */
  issues: Issue[];
  statuses: Status[];
  hooks: Hook[];
  /** Ends when all that was begun on its refs has ended: pushes are handled one after the other. */
  refsSettled: Promise<void>;
}

export interface Issue {
  id: number;
  number: number;
  repository: Repository;
  title: string;
  body: string;
  author: Person;
  state: 'open' | 'closed';
  createdAt: Date;
  updatedAt: Date;
  closedAt: Date | undefined;
  timeline: Entry[];
  /** Undefined for a plain issue. */
  pull: PullBranches | undefined;
}

export interface PullRequest extends Issue {
  pull: PullBranches;
}

export interface PullBranches {
  /** Branch of the issue's own repository. */
  base: string;
  head: { repository: Repository; branch: string };
}

export interface Comment {
  kind: 'comment';
  id: number;
  issue: Issue;
  author: Person;
  body: string;
  createdAt: Date;
  updatedAt: Date;
  reactions: { content: string; person: Person; createdAt: Date }[];
}

export interface PushEntry {
  kind: 'push';
  id: number;
  author: Person;
  createdAt: Date;
  forced: boolean;
  /** Of a forced push old and new head, else the new commits, oldest first. */
  commits: string[];
}

export interface EventEntry {
  kind: 'close' | 'reopen' | 'change_target_branch';
  id: number;
  author: Person;
  createdAt: Date;
}

export type Entry = Comment | PushEntry | EventEntry;

export interface Status {
  /** Counts within the commit. */
  id: number;
  sha: string;
  state: string;
  context: string;
  description: string;
  targetUrl: string;
  creator: Person;
  createdAt: Date;
}

/** A webhook of a repository. */
export interface Hook {
  id: number;
  type: string;
  url: string;
  contentType: 'json' | 'form';
  /** '' for a hook without one. Never shown. */
  secret: string;
  /** Leaf names only. */
  events: readonly string[];
  active: boolean;
  branchFilter: string;
  authorizationHeader: string;
  createdAt: Date;
  updatedAt: Date;
}

/** What happened to a comment. `from`: what an edited one was before. */
export interface CommentMoved {
  action: 'created' | 'edited' | 'deleted';
  comment: Comment;
  by: Person;
  from?: string;
}

/** One attempt to deliver, with what was sent. There is never a second one by itself. */
export interface Delivery {
  id: string;
  hook: Hook;
  event: string;
  payload: string;
  /** Undefined: on its way, or no answer came. */
  status: number | undefined;
}

/** What goes wrong on purpose. */
export interface Faults {
  /** Connections break without an answer. */
  down: boolean;
  /** So many answers of a proxy's, with this status, before the real ones. */
  proxyAnswers: { status: number; left: number; retryAfterSeconds: number | undefined };
  /** So many successful writes are answered 500, after they were made. */
  hiddenSuccesses: number;
  /** So many pull requests are answered `null`. */
  nullPullRequests: number;
  /** `refs/pull/N/head` stays behind while this is set. */
  stalePullRefs: boolean;
  /** Answers wait for it. */
  answersHeld: Promise<void> | undefined;
  /** How often each event is delivered: 0 loses it, 2 doubles it. */
  copiesDelivered: number;
}

export interface World {
  accounts: Map<string, Account>;
  tokens: Map<string, Token>;
  repositories: Map<number, Repository>;
  /** Addresses that repositories had, in lower case. */
  formerAddresses: Map<string, Repository>;
  /** Folder of the git repositories. */
  folder: string;
  /** Pages are never longer, whatever is asked. */
  longestPage: number;
  faults: Faults;
  /** What a push leads to, while held back; undefined when it is done at once. */
  heldPushTasks: (() => Promise<void>)[] | undefined;
  /** Every attempt to deliver, oldest first. */
  deliveries: Delivery[];
  nextId: (kind: 'account' | 'team' | 'token' | 'repository' | 'issue' | 'entry' | 'hook') => number;
  /** Whole seconds, as the forge keeps them. */
  now: () => Date;
  /** In whose name the comment box on the pages speaks; none: no box. */
  speakers: { member: string; outsider: string } | undefined;
  /** Emits `change` after each change, and `comment` where it was one of a comment. */
  events: EventEmitter<WorldEvents>;
}

interface WorldEvents {
  change: [];
  comment: [CommentMoved];
}

/** An empty world. */
export function emptyWorld(folder: string): World {
  const ids = { account: 0, team: 0, token: 0, repository: 0, issue: 0, entry: 0, hook: 0 };
  const events = new EventEmitter<WorldEvents>();
  events.setMaxListeners(0);
  return {
    accounts: new Map(),
    tokens: new Map(),
    repositories: new Map(),
    formerAddresses: new Map(),
    folder,
    longestPage: 50,
    faults: {
      down: false,
      proxyAnswers: { status: 502, left: 0, retryAfterSeconds: undefined },
      hiddenSuccesses: 0,
      nullPullRequests: 0,
      stalePullRefs: false,
      answersHeld: undefined,
      copiesDelivered: 1,
    },
    heldPushTasks: undefined,
    speakers: undefined,
    deliveries: [],
    nextId: (kind) => {
      ids[kind] += 1;
      return ids[kind];
    },
    now: () => new Date(Math.floor(Date.now() / 1000) * 1000),
    events,
  };
}
