/** Comments and reactions, and what moves an issue or pull request. */

import { Refusal } from './refusal.ts';
import { demandAlive } from './repositories.ts';
import type { Comment, EventEntry, Issue, Person, PullRequest, Repository, World } from './world.ts';

/** Gitea's default names. */
export const reactionNames = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];

/** A plain issue. */
export function openIssue(world: World, repository: Repository, author: Person, title: string, body: string): Issue {
  const issue = newIssue(world, repository, author, { title, body });
  repository.issues.push(issue);
  world.events.emit('change');
  return issue;
}

/** An issue with the next number, not yet in its repository. */
export function newIssue(world: World, repository: Repository, author: Person, text: { title: string; body: string }): Issue {
  demandAlive(repository);
  if (text.title === '') throw new Refusal(422, '[Title]: Required');
  const now = world.now();
  return {
    id: world.nextId('issue'),
    number: repository.issues.length + 1,
    repository,
    ...text,
    author,
    state: 'open',
    createdAt: now,
    updatedAt: now,
    closedAt: undefined,
    timeline: [],
    pull: undefined,
  };
}

export function isPull(issue: Issue): issue is PullRequest {
  return issue.pull !== undefined;
}

/** Moves the issue, as every created comment does. */
export function addComment(world: World, issue: Issue, author: Person, body: string): Comment {
  demandAlive(issue.repository);
  if (body === '') throw new Refusal(422, '[Body]: Required');
  const now = world.now();
  const comment: Comment = {
    kind: 'comment',
    id: world.nextId('entry'),
    issue,
    author,
    body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
  };
  issue.timeline.push(comment);
  issue.updatedAt = now;
  world.events.emit('change');
  world.events.emit('comment', { action: 'created', comment, by: author });
  return comment;
}

/** Leaves the issue where it was. The same text again changes nothing at all. */
export function editComment(world: World, comment: Comment, body: string, by = comment.author): void {
  demandAlive(comment.issue.repository);
  if (body === '') throw new Refusal(422, '[Body]: Required');
  if (comment.body === body) return;
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = world.now();
  world.events.emit('change');
  world.events.emit('comment', { action: 'edited', comment, by, from });
}

/** Leaves the issue where it was. */
export function deleteComment(world: World, comment: Comment, by = comment.author): void {
  comment.issue.timeline = comment.issue.timeline.filter((entry) => entry !== comment);
  world.events.emit('change');
  world.events.emit('comment', { action: 'deleted', comment, by });
}

/** True when it is new. */
export function react(world: World, comment: Comment, who: Person, content: string): boolean {
  if (!reactionNames.includes(content)) throw new Refusal(403, `'${content}' is not an allowed reaction`);
  if (comment.reactions.some((one) => one.person === who && one.content === content)) return false;
  comment.reactions.push({ content, person: who, createdAt: world.now() });
  world.events.emit('change');
  return true;
}

export function unreact(world: World, comment: Comment, who: Person, content: string): void {
  comment.reactions = comment.reactions.filter((one) => one.person !== who || one.content !== content);
  world.events.emit('change');
}

/** Closes or opens again; nothing when it is so already. */
export function setState(world: World, issue: Issue, who: Person, state: Issue['state']): void {
  if (issue.state === state) return;
  issue.state = state;
  issue.closedAt = state === 'closed' ? world.now() : undefined;
  addEvent(world, issue, who, state === 'closed' ? 'close' : 'reopen');
}

/** A timeline entry that is neither comment nor push. */
export function addEvent(world: World, issue: Issue, who: Person, kind: EventEntry['kind']): void {
  const now = world.now();
  issue.timeline.push({ kind, id: world.nextId('entry'), author: who, createdAt: now });
  issue.updatedAt = now;
  world.events.emit('change');
}

/** Any entry of a repository's issues by id: comments share their ids with pushes and events. */
export function entryById(repository: Repository, id: number): Issue['timeline'][number] | undefined {
  for (const issue of repository.issues) {
    const entry = issue.timeline.find((one) => one.id === id);
    if (entry) return entry;
  }
  return undefined;
}
