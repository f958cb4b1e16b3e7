/** Issues, pull requests and what is said on them, as Gitea's API shows them. */
import { repositoryAnswer } from './answers-code.ts';
import { timeText, userAnswer, type Viewer } from './answers-people.ts';
import { mergeBase } from './git.ts';
import { isPull } from './issues.ts';
import { baseOf, headOf, pullRef } from './pulls.ts';
import { fullName } from './repositories.ts';
import type { Comment, Entry, Issue, PullRequest, World } from './world.ts';

const webPage = (issue: Issue, { origin }: Viewer) =>
  `${origin}/${fullName(issue.repository)}/${isPull(issue) ? 'pulls' : 'issues'}/${issue.number}`;

/** As the search lists it: no commit, since that costs git work. */
export function issueAnswer(issue: Issue, viewer: Viewer) {
  const { repository } = issue;
  return {
    ...issueFields(issue, viewer),
    assignees: null,
    url: `${viewer.origin}/api/v1/repos/${fullName(repository)}/issues/${issue.number}`,
    original_author: '',
    original_author_id: 0,
    ref: '',
    assets: [],
    pull_request: isPull(issue) ? { merged: false, merged_at: null, draft: false, html_url: webPage(issue, viewer) } : null,
    repository: { id: repository.id, name: repository.name, owner: repository.owner.login, full_name: fullName(repository) },
  };
}

function issueFields(issue: Issue, viewer: Viewer) {
  return {
    id: issue.id,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    user: userAnswer(issue.author, viewer),
    labels: [],
    milestone: null,
    assignee: null,
    state: issue.state,
    is_locked: false,
    comments: issue.timeline.filter((entry) => entry.kind === 'comment').length,
    html_url: webPage(issue, viewer),
    created_at: timeText(issue.createdAt),
    updated_at: timeText(issue.updatedAt),
    closed_at: issue.closedAt ? timeText(issue.closedAt) : null,
    due_date: null,
    pin_order: 0,
  };
}

/** With both ends as they are now. A deleted fork shows as no repository, its branch as the ref that the base keeps. */
export async function pullAnswer(world: World, pull: PullRequest, viewer: Viewer) {
  const { base, head } = pull.pull;
  const [headSha, baseSha] = await Promise.all([headOf(world, pull), baseOf(pull)]);
  const alive = world.repositories.has(head.repository.id);
  const foreign = head.repository === pull.repository ? '' : `${head.repository.owner.login}:`;
  const page = webPage(pull, viewer);
  return {
    ...issueFields(pull, viewer),
    assignees: [],
    requested_reviewers: [],
    url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    draft: false,
    mergeable: true,
    merged: false,
    merged_at: null,
    merge_commit_sha: null,
    merged_by: null,
    allow_maintainer_edit: false,
    merge_base: await mergeBase(pull.repository.folder, baseSha, headSha),
    base: {
      label: base,
      ref: base,
      sha: baseSha,
      repo_id: pull.repository.id,
      repo: repositoryAnswer(pull.repository, viewer),
    },
    head: {
      label: alive ? `${foreign}${head.branch}` : head.branch,
      ref: alive ? head.branch : pullRef(pull),
      sha: headSha,
      repo_id: alive ? head.repository.id : -1,
      repo: alive ? repositoryAnswer(head.repository, viewer) : null,
    },
  };
}

export function commentAnswer(comment: Comment, viewer: Viewer) {
  const { issue } = comment;
  const page = webPage(issue, viewer);
  return {
    id: comment.id,
    html_url: `${page}#issuecomment-${comment.id}`,
    pull_request_url: isPull(issue) ? page : '',
    issue_url: isPull(issue) ? '' : page,
    user: userAnswer(comment.author, viewer),
    original_author: '',
    original_author_id: 0,
    body: comment.body,
    assets: [],
    created_at: timeText(comment.createdAt),
    updated_at: timeText(comment.updatedAt),
  };
}

/** A push is told as JSON text in `body`. */
export function timelineAnswer(entry: Entry, issue: Issue, viewer: Viewer) {
  const page = webPage(issue, viewer);
  return {
    id: entry.id,
    type: entry.kind === 'push' ? 'pull_push' : entry.kind,
    html_url: `${page}#issuecomment-${entry.id}`,
    pull_request_url: isPull(issue) ? page : '',
    issue_url: isPull(issue) ? '' : page,
    user: userAnswer(entry.author, viewer),
    body: entryBody(entry),
    created_at: timeText(entry.createdAt),
    updated_at: timeText(entry.kind === 'comment' ? entry.updatedAt : entry.createdAt),
    milestone: null,
    label: null,
    assignee: null,
    ref_issue: null,
    ref_comment: null,
  };
}

function entryBody(entry: Entry): string {
  if (entry.kind === 'comment') return entry.body;
  if (entry.kind === 'push') return JSON.stringify({ is_force_push: entry.forced, commit_ids: entry.commits });
  return '';
}

export function reactionAnswer(reaction: Comment['reactions'][number], viewer: Viewer) {
  return { user: userAnswer(reaction.person, viewer), content: reaction.content, created_at: timeText(reaction.createdAt) };
}
