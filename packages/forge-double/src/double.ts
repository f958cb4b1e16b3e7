/**
 * cc-ci's forge double: a small Gitea for the demo and the tests, and nothing else. It listens on a port of its own, keeps its state in
 * memory and its git repositories in a folder, and is gone when it is closed.
 *
 * People are named by login, repositories by `owner/name`, comments by id. Push with git to `cloneUrl(repository, { as: login })`.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Deliveries, deliverHooks } from './deliveries.ts';
import { type FaultSwitches, faultSwitches } from './faults.ts';
import { addHook } from './hooks.ts';
import * as issues from './issues.ts';
import * as people from './people.ts';
import * as pulls from './pulls.ts';
import * as repositories from './repositories.ts';
import { type RequestLog, requestLog } from './request-log.ts';
import { headNamed } from './routes-setup.ts';
import { forgeServer } from './server.ts';
import {
  type Comment,
  emptyWorld,
  type Issue,
  type PullRequest,
  type Repository,
  type Role,
  type Status,
  type World,
} from './world.ts';

export interface ForgeDoubleOptions {
  /** For the git repositories; made when absent. Whoever gave it removes it. */
  folder: string;
  /** Loopback unless said otherwise. */
  host?: string;
  /** Any free one unless said otherwise. */
  port?: number;
}

export interface ForgeDouble extends AsyncDisposable, FaultSwitches, Deliveries {
  /** Without a slash at the end. */
  url: string;
  requests: RequestLog;

  addUser(login: string, options?: { siteAdmin?: boolean; password?: string }): { id: number; login: string };
  addOrganisation(login: string, options: { owner: string }): void;
  /** Membership is private unless said otherwise; the role holds in all repositories of the organisation. */
  addMember(organisation: string, login: string, options?: { public?: boolean; role?: Role }): void;
  addCollaborator(repository: string, login: string, role?: Role): void;
  /** Returns the secret. Scopes as Gitea's: `read:issue`, `write:repository`, `all`. */
  issueToken(login: string, scopes: readonly string[]): string;

  /** A hook as an administrator makes it, for comments unless said otherwise. */
  addHook(fullName: string, hook: { url: string; secret: string; events?: readonly string[] }): { id: number };
  /** Empty until somebody pushes. */
  addRepository(fullName: string, options?: { private?: boolean }): Promise<{ id: number }>;
  /** Into the person's own account, under the same name. */
  fork(fullName: string, login: string): Promise<{ id: number }>;
  renameRepository(fullName: string, newName: string): void;
  archiveRepository(fullName: string): void;
  deleteRepository(fullName: string): Promise<void>;
  /** With a person, the address holds a new token of theirs that may push. */
  cloneUrl(fullName: string, options?: { as: string }): string;

  /** `head` is a branch of the repository, or `login:branch` of a fork. */
  openPullRequest(fullName: string, opening: Opening): Promise<PullRequest>;
  openIssue(fullName: string, opening: { as: string; title: string; body?: string }): Issue;
  close(fullName: string, number: number, by: { as: string }): void;
  reopen(fullName: string, number: number, by: { as: string }): void;
  retarget(fullName: string, number: number, to: { as: string; base: string }): Promise<void>;
  /** What the head branch of a pull request points at now. */
  head(fullName: string, number: number): Promise<string>;

  comment(fullName: string, number: number, said: { as: string; body: string }): Comment;
  editComment(fullName: string, id: number, body: string): void;
  deleteComment(fullName: string, id: number): void;
  /** Puts a comment box with two buttons on the pages. */
  showCommentBox(speakers: { member: string; outsider: string }): void;
  /** As they are now, oldest first. */
  comments(fullName: string, number: number): readonly Comment[];
  /** Every row of a commit, oldest first. */
  statuses(fullName: string, sha: string): readonly Status[];

  /**
   * The first truthy value of `look`, tried now and after each change of the world. Fails after `withinMs`, saying `what` was awaited
   * and what the comments were by then.
   */
  waitFor<T>(what: string, look: () => T | undefined | false, withinMs?: number): Promise<T>;
}

export interface Opening {
  as: string;
  title: string;
  body?: string;
  head: string;
  base?: string;
}

/** Starts a double; it ends with `await using`, or its `[Symbol.asyncDispose]()`. */
export async function startForgeDouble({ folder, host = '127.0.0.1', port = 0 }: ForgeDoubleOptions): Promise<ForgeDouble> {
  const gitFolder = join(folder, 'repositories');
  await mkdir(gitFolder, { recursive: true });
  const world = emptyWorld(gitFolder);
  const requests = requestLog(world);
  const app = await forgeServer(world, requests);
  const url = await app.listen({ host, port });
  const deliveries = deliverHooks(world, url);
  return {
    url,
    requests,
    ...peopleOf(world),
    ...repositoriesOf(world, url),
    ...issuesOf(world),
    ...faultSwitches(world),
    ...deliveries,
    waitFor: (what, look, withinMs = 10_000) => waitFor(world, what, look, withinMs),
    async [Symbol.asyncDispose]() {
      await deliveries.stopDelivering();
      await app.close();
    },
  };
}

function peopleOf(world: World) {
  return {
    addUser: (login, options) => {
      const { id } = people.addPerson(world, login, options);
      return { id, login };
    },
    addOrganisation: (login, { owner }) => {
      people.addOrganisation(world, login, people.person(world, owner));
    },
    addMember: (organisation, login, { public: openly = false, role = 'write' } = {}) => {
      const into = people.organisation(world, organisation);
      const who = people.person(world, login);
      const team = into.teams.find((one) => one.role === role) ?? people.addTeam(world, into, role, role);
      team.people.add(who);
      if (openly) into.openly.add(who);
      world.events.emit('change');
    },
    addCollaborator: (repository, login, role = 'write') => {
      named(world, repository).collaborators.set(people.person(world, login), role);
    },
    issueToken: (login, scopes) => people.issueToken(world, people.person(world, login), 'a token', scopes).secret,
  } satisfies Partial<ForgeDouble>;
}

function repositoriesOf(world: World, url: string) {
  return {
    addRepository: async (fullName, options) => {
      const [owner, name] = addressParts(fullName);
      const account = world.accounts.get(owner.toLowerCase());
      if (!account) throw new Error(`Nobody is called ${owner}: add the user or organisation first.`);
      return await repositories.addRepository(world, account, name, options);
    },
    fork: async (fullName, login) => {
      const parent = named(world, fullName);
      return await repositories.addRepository(world, people.person(world, login), parent.name, { parent });
    },
    renameRepository: (fullName, newName) => repositories.renameRepository(world, named(world, fullName), newName),
    archiveRepository: (fullName) => {
      named(world, fullName).archived = true;
    },
    addHook: (fullName, { url: to, secret, events = ['pull_request_comment'] }) =>
      addHook(world, named(world, fullName), { url: to, secret, events, active: true }),
    deleteRepository: (fullName) => repositories.deleteRepository(world, named(world, fullName)),
    cloneUrl: (fullName, options) => {
      const address = new URL(`${url}/${fullName}.git`);
      if (options) {
        address.username = options.as;
        address.password = people.issueToken(world, people.person(world, options.as), 'git', ['write:repository']).secret;
      }
      return address.href;
    },
  } satisfies Partial<ForgeDouble>;
}

function issuesOf(world: World) {
  const setState = (state: Issue['state']) => (fullName: string, number: number, by: { as: string }) =>
    issues.setState(world, numbered(world, fullName, number), people.person(world, by.as), state);
  return {
    openPullRequest: async (fullName, { as, title, body = '', head, base }) => {
      const repository = named(world, fullName);
      const branches = { base: base ?? repository.defaultBranch, head: headNamed(world, repository, head) };
      return await pulls.openPullRequest(world, repository, people.person(world, as), { title, body, ...branches });
    },
    openIssue: (fullName, { as, title, body = '' }) =>
      issues.openIssue(world, named(world, fullName), people.person(world, as), title, body),
    close: setState('closed'),
    reopen: setState('open'),
    retarget: (fullName, number, { as, base }) =>
      pulls.retarget(world, pullNumbered(world, fullName, number), people.person(world, as), base),
    head: (fullName, number) => pulls.headOf(world, pullNumbered(world, fullName, number)),
    comment: (fullName, number, { as, body }) =>
      issues.addComment(world, numbered(world, fullName, number), people.person(world, as), body),
    editComment: (fullName, id, body) => issues.editComment(world, commentById(world, fullName, id), body),
    deleteComment: (fullName, id) => issues.deleteComment(world, commentById(world, fullName, id)),
    showCommentBox: (speakers) => {
      world.speakers = speakers;
    },
    comments: (fullName, number) => numbered(world, fullName, number).timeline.filter((entry) => entry.kind === 'comment'),
    statuses: (fullName, sha) => named(world, fullName).statuses.filter((status) => status.sha === sha),
  } satisfies Partial<ForgeDouble>;
}

function addressParts(fullName: string): [owner: string, name: string] {
  const [owner, name, ...more] = fullName.split('/');
  if (owner && name && more.length === 0) return [owner, name];
  throw new Error(`"${fullName}" is no repository: write owner/name.`);
}

function named(world: World, fullName: string): Repository {
  const found = repositories.findRepository(world, ...addressParts(fullName));
  if (found) return found;
  throw new Error(`There is no repository ${fullName} in the double.`);
}

function numbered(world: World, fullName: string, number: number): Issue {
  const issue = named(world, fullName).issues[number - 1];
  if (issue) return issue;
  throw new Error(`There is no issue or pull request ${fullName}#${number} in the double.`);
}

function pullNumbered(world: World, fullName: string, number: number): PullRequest {
  const issue = numbered(world, fullName, number);
  if (issues.isPull(issue)) return issue;
  throw new Error(`${fullName}#${number} is an issue, not a pull request.`);
}

function commentById(world: World, fullName: string, id: number): Comment {
  const entry = issues.entryById(named(world, fullName), id);
  if (entry?.kind === 'comment') return entry;
  throw new Error(`There is no comment ${id} in ${fullName}.`);
}

async function waitFor<T>(world: World, what: string, look: () => T | undefined | false, withinMs: number): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const tryNow = () => {
    try {
      const found = look();
      if (found) resolve(found);
    } catch (error) {
      reject(error);
    }
  };
  const deadline = setTimeout(() => reject(new Error(`Not within ${withinMs} ms: ${what}.\n${whatIsSaid(world)}`)), withinMs);
  world.events.on('change', tryNow);
  tryNow();
  try {
    return await promise;
  } finally {
    clearTimeout(deadline);
    world.events.off('change', tryNow);
  }
}

/** For whoever waited in vain. */
function whatIsSaid(world: World): string {
  const comments = [...world.repositories.values()]
    .flatMap((repository) => repository.issues)
    .flatMap((issue) => issue.timeline)
    .filter((entry) => entry.kind === 'comment');
  const lines = comments.map(({ issue, id, author, body }) => {
    const [firstLine] = body.split('\n');
    return `  ${repositories.fullName(issue.repository)}#${issue.number} ${id} ${author.login}: ${firstLine}`;
  });
  return ['The comments are:', ...lines].join('\n');
}
