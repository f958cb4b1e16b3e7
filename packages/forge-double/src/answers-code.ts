/** Repositories, commits and their statuses as Gitea's API shows them. */
import { includes, roleIn } from './access.ts';
import { ownerAnswer, timeText, userAnswer, type Viewer } from './answers-people.ts';
import type { CommitFacts } from './git.ts';
import { fullName } from './repositories.ts';
import type { Repository, Status } from './world.ts';

export function repositoryAnswer(repository: Repository, viewer: Viewer): RepositoryAnswer {
  const role = roleIn(repository, viewer.person);
  const place = `${viewer.origin}/${fullName(repository)}`;
  return {
    id: repository.id,
    owner: ownerAnswer(repository.owner, viewer),
    name: repository.name,
    full_name: fullName(repository),
    description: '',
    empty: repository.empty,
    private: repository.private,
    fork: repository.parent !== undefined,
    archived: repository.archived,
    mirror: false,
    html_url: place,
    url: `${viewer.origin}/api/v1/repos/${fullName(repository)}`,
    clone_url: `${place}.git`,
    default_branch: repository.defaultBranch,
    created_at: timeText(repository.createdAt),
    updated_at: timeText(repository.updatedAt),
    permissions: { admin: includes(role, 'admin'), push: includes(role, 'write'), pull: includes(role, 'read') },
    ...(repository.parent ? { parent: repositoryAnswer(repository.parent, viewer) } : {}),
  };
}

interface RepositoryAnswer extends Record<string, unknown> {
  parent?: RepositoryAnswer;
}

export function commitAnswer(commit: CommitFacts, repository: Repository, { origin }: Viewer) {
  const url = `${origin}/api/v1/repos/${fullName(repository)}/git/commits/${commit.sha}`;
  const by = { name: commit.authorName, email: commit.authorEmail, date: commit.date };
  return {
    url,
    sha: commit.sha,
    created: commit.date,
    html_url: `${origin}/${fullName(repository)}/commit/${commit.sha}`,
    commit: { url, author: by, committer: by, message: commit.message },
    author: null,
    committer: null,
    parents: commit.parents.map((sha) => ({ sha, url: '', created: '0001-01-01T00:00:00Z' })),
    files: null,
    stats: null,
  };
}

export function branchAnswer(name: string, commit: CommitFacts) {
  const by = { name: commit.authorName, email: commit.authorEmail, username: '' };
  const { sha, message, date } = commit;
  return {
    name,
    commit: {
      id: sha,
      message,
      url: '',
      author: by,
      committer: by,
      verification: null,
      timestamp: date,
      added: null,
      removed: null,
      modified: null,
    },
    protected: false,
  };
}

export function statusAnswer(status: Status, repository: Repository, viewer: Viewer) {
  return {
    id: status.id,
    status: status.state,
    target_url: status.targetUrl,
    description: status.description,
    context: status.context,
    url: `${viewer.origin}/api/v1/repos/${fullName(repository)}/statuses/${status.sha}`,
    creator: userAnswer(status.creator, viewer),
    created_at: timeText(status.createdAt),
    updated_at: timeText(status.createdAt),
  };
}
