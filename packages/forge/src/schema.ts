/**
 * The forge's answers as they enter cc-ci: only the fields in use, nullable where Gitea's are, times as dates.
 * A schema and its type share one name; the type is what comes out.
 */
import { z } from 'zod';

/** Gitea's stand-in for a deleted account. */
const GHOST = { id: -1, login: 'Ghost' };

/** RFC 3339 in the server's zone, whole seconds. */
const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const Sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'a full commit id');

/** An owner, repository or login, as Gitea allows them: they go into paths. */
export const Name = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,100}$/, 'letters, digits, dot, dash and underscore only')
  .refine((name) => !/^\.+$/.test(name), 'not dots alone');

/** The address of a repository today. */
export const RepoRef = z.object({ owner: Name, name: Name });
export type RepoRef = z.infer<typeof RepoRef>;

/** `id` is -1 for a deleted account and -2 for the forge's own automation. */
export const ForgeUser = z.object({ id: z.int(), login: z.string() });
export type ForgeUser = z.infer<typeof ForgeUser>;

const Author = ForgeUser.nullable().transform((user) => user ?? GHOST);

/** `canPush` is the account's right to write code, whatever the token's scope. */
export const Repository = z
  .object({
    id: z.int(),
    name: Name,
    owner: ForgeUser,
    default_branch: z.string(),
    clone_url: z.string(),
    private: z.boolean(),
    archived: z.boolean(),
    empty: z.boolean(),
    permissions: z.object({ push: z.boolean() }).nullish(),
  })
  .transform((answer) => ({
    id: answer.id,
    owner: answer.owner.login,
    name: answer.name,
    defaultBranch: answer.default_branch,
    cloneUrl: answer.clone_url,
    private: answer.private,
    archived: answer.archived,
    empty: answer.empty,
    canPush: answer.permissions?.push ?? false,
  }));
export type Repository = z.output<typeof Repository>;

/** An issue or pull request as the search shows it: enough to decide whether to look at its comments. */
export const IssueSeen = z
  .object({
    id: z.int(),
    number: z.int(),
    title: z.string(),
    state: z.enum(['open', 'closed']),
    updated_at: Time,
    pull_request: z.object({ merged: z.boolean().nullish() }).nullish(),
    repository: z.object({ id: z.int(), owner: Name, name: Name }),
  })
  .transform((answer) => ({
    id: answer.id,
    number: answer.number,
    title: answer.title,
    state: answer.state,
    updatedAt: answer.updated_at,
    isPull: Boolean(answer.pull_request),
    /** Of a pull request; one that is merged is closed too. */
    isMerged: answer.pull_request?.merged ?? false,
    repository: answer.repository,
  }));
export type IssueSeen = z.output<typeof IssueSeen>;

/** `pullNumber` is undefined for a comment on a plain issue. `body` is raw Markdown by a stranger. */
export const Comment = z
  .object({
    id: z.int(),
    body: z.string(),
    user: Author,
    created_at: Time,
    updated_at: Time,
    html_url: z.string(),
    pull_request_url: z.string(),
  })
  .transform((answer) => ({
    id: answer.id,
    body: answer.body,
    author: answer.user,
    createdAt: answer.created_at,
    updatedAt: answer.updated_at,
    htmlUrl: answer.html_url,
    pullNumber: numberAtEnd(answer.pull_request_url),
  }));
export type Comment = z.output<typeof Comment>;

/** Gitea has no number in a comment, only the web page of its pull request. */
function numberAtEnd(url: string): number | undefined {
  const digits = /\/(\d+)$/.exec(url)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const PullBranch = z
  .object({ ref: z.string(), sha: z.string(), repo: Repository.nullable() })
  .transform(({ ref, sha, repo }) => ({ ref, sha, repository: repo ?? undefined }));

/** `head.repository` is undefined when the fork was deleted; `base.sha` is the tip of the target branch now, '' when that is gone. */
export const PullRequest = z
  .object({
    number: z.int(),
    title: z.string(),
    state: z.enum(['open', 'closed']),
    draft: z.boolean().optional(),
    merged: z.boolean(),
    user: Author,
    html_url: z.string(),
    updated_at: Time,
    head: PullBranch.refine((head) => Sha.safeParse(head.sha).success, 'has no commit'),
    base: PullBranch,
  })
  .transform((answer) => ({
    number: answer.number,
    title: answer.title,
    state: answer.state,
    draft: answer.draft ?? false,
    merged: answer.merged,
    author: answer.user,
    htmlUrl: answer.html_url,
    updatedAt: answer.updated_at,
    head: answer.head,
    base: answer.base,
  }));
export type PullRequest = z.output<typeof PullRequest>;

/** A branch, of which the tip is all that matters. */
export const Branch = z.object({ commit: z.object({ id: Sha }) });

export const PullCommit = z.object({ sha: Sha });

const PushBody = z.object({ is_force_push: z.boolean(), commit_ids: z.array(Sha).min(1) });

/** What a timeline entry holds, whatever its type. */
export const TimelineEntry = z.object({ id: z.int(), type: z.string(), user: Author, body: z.string().nullish() });
export type TimelineEntry = z.output<typeof TimelineEntry>;

/** A push to the branch of a pull request. `before` is known of a forced push only. `after` is the head that it left. */
export interface Push {
  id: number;
  pusher: ForgeUser;
  forced: boolean;
  before?: string;
  after: string;
  /** Oldest first; of a forced push only `after`. */
  commits: string[];
}

/** A timeline entry of type `pull_push`: its body is JSON text, listing old and new head of a forced push, else the new commits. */
export const PushEntry = TimelineEntry.transform((entry, context): Push => {
  const body = PushBody.safeParse(jsonOf(entry.body ?? ''));
  const [first, ...rest] = body.data?.commit_ids ?? [];
  const after = rest.at(-1) ?? first;
  if (!body.success || first === undefined || after === undefined || (body.data.is_force_push && rest.length !== 1)) {
    context.addIssue(`push entry ${entry.id} does not list its commits`);
    return z.NEVER;
  }
  const push = { id: entry.id, pusher: entry.user, after };
  return body.data.is_force_push
    ? { ...push, forced: true, before: first, commits: [after] }
    : { ...push, forced: false, commits: body.data.commit_ids };
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const Reaction = z.object({ content: z.string(), user: Author });
export type Reaction = z.output<typeof Reaction>;

/** Gitea's words. `warning` blocks merging from 1.26 on, and `skipped` exists only from 1.25 on: neither is used to say something. */
const StatusState = z.enum(['pending', 'success', 'error', 'failure', 'warning', 'skipped']);

/** A row of a commit's statuses. `id` counts within the commit. */
export const CommitStatus = z
  .object({
    id: z.int(),
    status: StatusState,
    context: z.string(),
    description: z.string(),
    target_url: z.string(),
    creator: Author,
    created_at: Time,
  })
  .transform((answer) => ({
    id: answer.id,
    state: answer.status,
    context: answer.context,
    description: answer.description,
    targetUrl: answer.target_url,
    creator: answer.creator,
    createdAt: answer.created_at,
  }));
export type CommitStatus = z.output<typeof CommitStatus>;

/** A status to post. */
export interface NewCommitStatus {
  state: 'pending' | 'success' | 'error' | 'failure';
  /** Names the row; a newer one of the same context takes its place. */
  context: string;
  /** One short line: cut by nobody but shown narrow. */
  description: string;
  targetUrl: string;
}

/** What of a hook can be chosen, and changed later. */
export interface HookState {
  /** Where it delivers to. */
  readonly url: string;
  /** Leaf names, such as `pull_request_comment`. */
  readonly events: readonly string[];
  readonly active: boolean;
}

/** A hook as the forge shows it: never with its secret, its events in any order. */
export const Hook = z
  .object({
    id: z.int(),
    config: z.object({ url: z.string(), content_type: z.string() }),
    events: z.array(z.string()),
    active: z.boolean(),
  })
  .transform(({ id, config, events, active }) => ({
    id,
    url: config.url,
    contentType: config.content_type,
    events: events.toSorted(),
    active,
  }));
export type Hook = z.output<typeof Hook>;
