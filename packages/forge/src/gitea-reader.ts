import type { Api } from 'gitea-js';
import { z } from 'zod';
import { addressOf, checkedBranch, checkedName, checkedNumber } from './address.ts';
import { type Answered, expectStatus, parseBody, parseData, serverTimeOf, totalOf } from './answer.ts';
import { ForgeMoved, ForgeNotFound, ForgeRefused } from './errors.ts';
import type { ForgeReader, IssuesSeen, Membership, Timeline } from './forge.ts';
import { allPages, PAGE_SIZE } from './paging.ts';
import {
  Branch,
  Comment,
  ForgeUser,
  IssueSeen,
  PullCommit,
  PullRequest,
  PushEntry,
  type RepoRef,
  Repository,
  TimelineEntry,
} from './schema.ts';

/** The reading half of Gitea: one function per question. */
export function giteaReader(api: Api<unknown>): ForgeReader {
  return {
    me: () => me(api),
    version: async () => parseBody('its version', await api.version.getVersion(), z.object({ version: z.string() })).version,
    searchIssues: (query) => searchIssues(api, query),
    repositories: (owner) => repositories(api, owner),
    ownerKind: (owner) => ownerKind(api, owner),
    repository: (ref) => repository(api, ref),
    branchHead: (ref, branch) => branchHead(api, ref, branch),
    comments: (ref, number, since) => comments(api, ref, number, since),
    comment: (ref, id) => comment(api, ref, id),
    pullRequest: (ref, number) => pullRequest(api, ref, number),
    pullCommits: (ref, number) => pullCommits(api, ref, number),
    timeline: (ref, number) => timeline(api, ref, number),
    membership: (organisation, login) => membership(api, organisation, login),
    isCollaborator: (ref, login) => isCollaborator(api, ref, login),
  };
}

/** The account behind the token. */
export async function me(api: Api<unknown>): Promise<ForgeUser> {
  return parseBody('the account of the token', await api.user.userGetCurrent(), ForgeUser);
}

/** One repository, as `ForgeReader.repository` says. */
export async function repository(api: Api<unknown>, ref: RepoRef): Promise<Repository> {
  const { owner, name, text } = addressOf(ref);
  return parseBody(`repository ${text}`, await api.repos.repoGet(owner, name), Repository);
}

/** Gitea answers this list whole: it has no pages. */
export async function comments(api: Api<unknown>, ref: RepoRef, number: number, since?: Date): Promise<Comment[]> {
  const { owner, name, text } = addressOf(ref);
  const index = checkedNumber('issue', number);
  const answer = await api.repos.issueGetComments(owner, name, index, since ? { since: seconds(since) } : {});
  return parseBody(`comments of ${text}#${index}`, answer, z.array(Comment));
}

async function searchIssues(api: Api<unknown>, query: { owner: string; since: Date }): Promise<IssuesSeen> {
  const owner = checkedName('owner', query.owner);
  const about = `issues of ${owner}`;
  let serverTime = query.since;
  // Newest created first, whatever moved: there is no stopping early.
  const issues = await allPages(
    async (page) => {
      const answer = await api.repos.issueSearchIssues({
        state: 'all',
        owner,
        since: seconds(query.since),
        page,
        limit: PAGE_SIZE,
      });
      if (page === 1) serverTime = serverTimeOf(about, answer);
      return { items: parseBody(about, answer, z.array(IssueSeen)), total: totalOf(answer) };
    },
    (issue) => issue.id,
  );
  return { issues, serverTime };
}

async function repositories(api: Api<unknown>, ownerName: string): Promise<Repository[]> {
  const owner = checkedName('owner', ownerName);
  const list = (ask: (paging: { page: number; limit: number }) => Promise<Answered>) =>
    allPages(
      async (page) => {
        const answer = await ask({ page, limit: PAGE_SIZE });
        return { items: parseBody(`repositories of ${owner}`, answer, z.array(Repository)), total: totalOf(answer) };
      },
      (found) => found.id,
    );
  try {
    return await list((paging) => api.orgs.orgListRepos(owner, paging));
  } catch (error) {
    // Not an organisation: then it is a person, or nobody.
    if (!(error instanceof ForgeNotFound)) throw error;
    return await list((paging) => api.users.userListRepos(owner, paging));
  }
}

async function ownerKind(api: Api<unknown>, ownerName: string): Promise<'organisation' | 'person'> {
  const owner = checkedName('owner', ownerName);
  if (await absentIfNotFound(api.orgs.orgGet(owner))) return 'organisation';
  // Asked too, since an organisation that the account may not see is not found either, and is no person.
  await api.users.userGet(owner);
  return 'person';
}

async function branchHead(api: Api<unknown>, ref: RepoRef, branch: string): Promise<string | undefined> {
  const { owner, name, text } = addressOf(ref);
  const answer = await absentIfNotFound(api.repos.repoGetBranch(owner, name, checkedBranch(branch)));
  return answer && parseBody(`branch ${branch} of ${text}`, answer, Branch).commit.id;
}

async function comment(api: Api<unknown>, ref: RepoRef, commentId: number): Promise<Comment | undefined> {
  const { owner, name, text } = addressOf(ref);
  const id = checkedNumber('comment', commentId);
  const about = `comment ${id} of ${text}`;
  const answer = await absentIfNotFound(api.repos.issueGetComment(owner, name, id));
  // 204: the id belongs to a push, a review or a label, which are not comments.
  if (answer === undefined || answer.status === 204) return undefined;
  return parseBody(about, answer, Comment);
}

async function pullRequest(api: Api<unknown>, ref: RepoRef, number: number): Promise<PullRequest> {
  const { owner, name, text } = addressOf(ref);
  const index = checkedNumber('pull request', number);
  return parseBody(`pull request ${text}#${index}`, await api.repos.repoGetPullRequest(owner, name, index), PullRequest);
}

async function pullCommits(api: Api<unknown>, ref: RepoRef, number: number): Promise<string[]> {
  const { owner, name, text } = addressOf(ref);
  const index = checkedNumber('pull request', number);
  return await allPages(
    async (page) => {
      const cheap = { verification: false, files: false };
      const answer = await api.repos.repoGetPullRequestCommits(owner, name, index, { ...cheap, page, limit: PAGE_SIZE });
      const commits = parseBody(`commits of ${text}#${index}`, answer, z.array(PullCommit));
      return { items: commits.map((commit) => commit.sha), total: totalOf(answer) };
    },
    (sha) => sha,
  );
}

async function timeline(api: Api<unknown>, ref: RepoRef, number: number): Promise<Timeline> {
  const { owner, name, text } = addressOf(ref);
  const index = checkedNumber('pull request', number);
  const about = `timeline of ${text}#${index}`;
  // Its total counts one page only, so it is not used.
  const entries = await allPages(
    async (page) => {
      const answer = await api.repos.issueGetCommentsAndTimeline(owner, name, index, { page, limit: PAGE_SIZE });
      return { items: parseBody(about, answer, z.array(TimelineEntry).nullable()) ?? [] };
    },
    (entry) => entry.id,
  );
  const ofType = (type: string) => entries.filter((entry) => entry.type === type).sort((a, b) => a.id - b.id);
  return {
    pushes: parseData(about, ofType('pull_push'), z.array(PushEntry)),
    gaps: [...ofType('close'), ...ofType('change_target_branch')].map((entry) => entry.id).sort((a, b) => a - b),
  };
}

async function membership(api: Api<unknown>, organisation: string, userName: string): Promise<Membership> {
  const org = checkedName('organisation', organisation);
  const login = checkedName('login', userName);
  const about = `membership of ${login} in ${org}`;
  try {
    const answer = await absentIfNotFound(api.orgs.orgIsMember(org, login));
    if (answer === undefined) return 'not-member';
    expectStatus(about, answer, 204);
    return 'member';
  } catch (error) {
    // 303: the account is outside the organisation and is sent to the public members. Any other redirect is a renamed user.
    if (!(error instanceof ForgeMoved && error.status === 303)) throw error;
  }
  const answer = await absentIfNotFound(api.orgs.orgIsPublicMember(org, login));
  if (answer === undefined) return 'only-public-visible';
  expectStatus(about, answer, 204);
  return 'member';
}

async function isCollaborator(api: Api<unknown>, ref: RepoRef, userName: string): Promise<boolean> {
  const { owner, name, text } = addressOf(ref);
  const login = checkedName('login', userName);
  try {
    const answer = await absentIfNotFound(api.repos.repoCheckCollaborator(owner, name, login));
    if (answer === undefined) return false;
    expectStatus(`collaborator ${login} of ${text}`, answer, 204);
    return true;
  } catch (error) {
    // 422: no such user.
    if (error instanceof ForgeRefused && error.status === 422) return false;
    throw error;
  }
}

/** The answer, or undefined where the forge says that there is none. */
export async function absentIfNotFound(answer: Promise<Answered>): Promise<Answered | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ForgeNotFound) return undefined;
    throw error;
  }
}

/** The forge compares whole seconds, inclusively: a fraction would lose what happened within it. */
function seconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
