import { describe, expect, it } from 'vitest';
import { Comment, IssueSeen, PullRequest, PushEntry, Repository } from '../src/schema.ts';

const ana = { id: 5, login: 'ana' };
const [older, newer, newest] = ['a', 'b', 'c'].map((digit) => digit.repeat(40));
const web = 'https://git.example.org/coop/hedgedoc';

const repository = {
  id: 3,
  name: 'hedgedoc',
  owner: { id: 2, login: 'coop' },
  default_branch: 'main',
  clone_url: `${web}.git`,
  private: false,
  archived: false,
  empty: false,
};
const comment = {
  id: 404,
  body: 'hello',
  user: ana,
  created_at: '2026-01-02T10:00:00+02:00',
  updated_at: '2026-01-02T08:00:01Z',
  html_url: `${web}/pulls/7#issuecomment-404`,
  pull_request_url: `${web}/pulls/7`,
};
const pull = {
  number: 7,
  title: 'Postgres 15',
  state: 'open',
  merged: false,
  user: ana,
  html_url: `${web}/pulls/7`,
  updated_at: '2026-01-02T10:00:00+02:00',
  head: { ref: 'fix', sha: newer, repo: repository },
  base: { ref: 'main', sha: older, repo: repository },
};
const push = (body: string) => ({ id: 9, type: 'pull_push', user: ana, body });

describe('a comment', () => {
  it('has times that do not depend on the zone of the server', () => {
    expect(Comment.parse(comment)).toMatchObject({
      createdAt: new Date('2026-01-02T08:00:00Z'),
      updatedAt: new Date('2026-01-02T08:00:01Z'),
    });
  });

  it.each([
    ['a deleted account', { user: null }, { author: { id: -1, login: 'Ghost' } }],
    [
      'a pull request under a sub-path',
      { pull_request_url: 'https://example.org/git/coop/hedgedoc/pulls/12' },
      { pullNumber: 12 },
    ],
    ['a plain issue', { pull_request_url: '' }, { pullNumber: undefined }],
  ])('may belong to %s', (_, given, expected) => {
    expect(Comment.parse({ ...comment, ...given })).toMatchObject(expected);
  });

  it.each([
    ['no id', { id: undefined }],
    ['an id that is a text', { id: '404' }],
    ['no body', { body: null }],
    ['a time that is none', { updated_at: 'yesterday' }],
    ['a time without a zone', { updated_at: '2026-01-02T10:00:00' }],
  ])('is unreadable with %s', (_, given) => {
    expect(Comment.safeParse({ ...comment, ...given }).success).toBe(false);
  });
});

describe('a pull request', () => {
  it('shows both branches', () => {
    expect(PullRequest.parse(pull)).toMatchObject({
      draft: false,
      head: { ref: 'fix', sha: newer, repository: { id: 3, owner: 'coop', name: 'hedgedoc' } },
      base: { ref: 'main', sha: older },
    });
  });

  it.each([
    [
      'its fork is deleted',
      { head: { ref: 'refs/pull/7/head', sha: newer, repo: null } },
      { head: { sha: newer, repository: undefined } },
    ],
    ['its target branch is gone', { base: { ref: 'main', sha: '', repo: repository } }, { base: { sha: '' } }],
    ['its author is deleted', { user: null }, { author: { id: -1 } }],
    ['it is a draft', { draft: true }, { draft: true }],
  ])('is readable when %s', (_, given, expected) => {
    expect(PullRequest.parse({ ...pull, ...given })).toMatchObject(expected);
  });

  it.each([
    ['the forge could not assemble it', null],
    ['it has no head', { ...pull, head: null }],
    ['its head is no commit', { ...pull, head: { ...pull.head, sha: '' } }],
    ['its state is a new word', { ...pull, state: 'queued' }],
  ])('is unreadable when %s', (_, answer) => {
    expect(PullRequest.safeParse(answer).success).toBe(false);
  });
});

describe('a push entry', () => {
  it.each([
    [
      'an ordinary push',
      { is_force_push: false, commit_ids: [older, newer] },
      { forced: false, commits: [older, newer], after: newer },
    ],
    ['one of a single commit', { is_force_push: false, commit_ids: [newer] }, { forced: false, commits: [newer], after: newer }],
    [
      'a forced push',
      { is_force_push: true, commit_ids: [older, newer] },
      { forced: true, before: older, commits: [newer], after: newer },
    ],
  ])('tells of %s', (_, body, expected) => {
    expect(PushEntry.parse(push(JSON.stringify(body)))).toEqual({ id: 9, pusher: ana, ...expected });
  });

  it.each([
    ['no text', ''],
    ['text that is no JSON', 'pushed'],
    ['no commits', JSON.stringify({ is_force_push: false, commit_ids: [] })],
    ['short ids', JSON.stringify({ is_force_push: false, commit_ids: ['abc123'] })],
    ['a forced push of one head', JSON.stringify({ is_force_push: true, commit_ids: [newer] })],
    ['a forced push of three', JSON.stringify({ is_force_push: true, commit_ids: [older, newer, newest] })],
  ])('is unreadable with %s', (_, body) => {
    expect(PushEntry.safeParse(push(body)).success).toBe(false);
  });
});

describe('a repository', () => {
  it.each([
    ['may not be pushed to when the forge says nothing of rights', {}, false],
    ['may not be pushed to by a reader', { permissions: { admin: false, push: false, pull: true } }, false],
    ['may be pushed to by a writer', { permissions: { admin: false, push: true, pull: true } }, true],
  ])('%s', (_, given, canPush) => {
    expect(Repository.parse({ ...repository, ...given }).canPush).toBe(canPush);
  });

  it('is unreadable when its name would climb out of a path', () => {
    expect(Repository.safeParse({ ...repository, name: '..' }).success).toBe(false);
  });
});

describe('what the search shows', () => {
  const issue = {
    id: 91,
    number: 7,
    title: 'Postgres 15',
    state: 'open',
    updated_at: '2026-01-02T10:00:00+02:00',
    repository: { id: 3, owner: 'coop', name: 'hedgedoc', full_name: 'coop/hedgedoc' },
  };
  it.each([
    ['a pull request', { merged: false, merged_at: null }, true],
    ['an issue', null, false],
    ['an issue, where the field is left out', undefined, false],
  ])('is %s', (_, pull_request, isPull) => {
    expect(IssueSeen.parse({ ...issue, pull_request })).toMatchObject({
      isPull,
      repository: { id: 3, owner: 'coop', name: 'hedgedoc' },
    });
  });
});
