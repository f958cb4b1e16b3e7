/** The search over an owner, comments, reactions and the timeline. */

import { z } from 'zod';
import { demandPerson, roleIn } from './access.ts';
import { commentAnswer, issueAnswer, reactionAnswer, timelineAnswer } from './answers-issues.ts';
import { type Answer, type Asked, created, nothing, numberOf, ok, pageOf, type Route, timeOf } from './api.ts';
import * as issues from './issues.ts';
import { failedInside, notFound, Refusal } from './refusal.ts';
import { demandRole, visibleRepository } from './repositories.ts';
import type { Comment, Entry, Issue, Repository, World } from './world.ts';

const Text = z.object({ body: z.string().default('') });
const ReactionBody = z.object({ content: z.string() });

const repo = '/repos/:owner/:repo';
const oneComment = `${repo}/issues/comments/:id`;

export function issueRoutes(world: World): Route[] {
  const reading = { scope: 'read:issue' } as const;
  const writing = { scope: 'write:issue', signedIn: true } as const;
  return [
    { method: 'GET', path: '/repos/issues/search', ...reading, handle: (asked) => search(world, asked) },
    { method: 'GET', path: `${repo}/issues/comments`, ...reading, handle: (asked) => repositoryComments(world, asked) },
    { method: 'GET', path: `${repo}/issues/:index/comments`, ...reading, handle: (asked) => issueComments(world, asked) },
    { method: 'POST', path: `${repo}/issues/:index/comments`, ...writing, handle: (asked) => createComment(world, asked) },
    { method: 'GET', path: `${repo}/issues/:index/timeline`, ...reading, handle: (asked) => timeline(world, asked) },
    { method: 'GET', path: oneComment, ...reading, handle: (asked) => readComment(world, asked) },
    { method: 'PATCH', path: oneComment, ...writing, handle: (asked) => editComment(world, asked) },
    { method: 'DELETE', path: oneComment, ...writing, handle: (asked) => deleteComment(world, asked) },
    { method: 'GET', path: `${oneComment}/reactions`, ...reading, handle: (asked) => listReactions(world, asked) },
    { method: 'POST', path: `${oneComment}/reactions`, ...writing, handle: (asked) => addReaction(world, asked) },
    { method: 'DELETE', path: `${oneComment}/reactions`, ...writing, handle: (asked) => removeReaction(world, asked) },
  ];
}

const within = (time: Date, query: Record<string, string>) => {
  const [since, before] = [timeOf(query, 'since'), timeOf(query, 'before')];
  return (!since || time >= since) && (!before || time <= before);
};

function repositoryAsked(world: World, { params, caller }: Asked): Repository {
  return visibleRepository(world, params['owner'] ?? '', params['repo'] ?? '', caller.person);
}

/** An unknown number is a 500, as on Gitea. */
function issueAsked(world: World, asked: Asked): Issue {
  const issue = repositoryAsked(world, asked).issues[numberOf(asked.params, 'index') - 1];
  if (!issue) throw failedInside();
  return issue;
}

function entryAsked(world: World, asked: Asked): Entry {
  const entry = issues.entryById(repositoryAsked(world, asked), numberOf(asked.params, 'id'));
  if (!entry) throw notFound();
  return entry;
}

function commentAsked(world: World, asked: Asked): Comment {
  const entry = entryAsked(world, asked);
  if (entry.kind !== 'comment') throw notFound();
  return entry;
}

/** Newest created first, by the time of the last move, inclusively; open ones unless said otherwise. */
function search(world: World, { query, caller, viewer }: Asked): Answer {
  const owner = query['owner'];
  if (owner !== undefined && !world.accounts.has(owner.toLowerCase())) throw new Refusal(400, 'Owner not found');
  const wanted = (issue: Issue) =>
    (query['state'] === 'all' || issue.state === (query['state'] === 'closed' ? 'closed' : 'open')) &&
    (query['type'] !== 'pulls' || issues.isPull(issue)) &&
    (query['type'] !== 'issues' || !issues.isPull(issue)) &&
    within(issue.updatedAt, query);
  const found = [...world.repositories.values()]
    .filter((one) => owner === undefined || one.owner.login.toLowerCase() === owner.toLowerCase())
    .filter((one) => roleIn(one, caller.person))
    .flatMap((one) => one.issues.filter(wanted))
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || b.id - a.id);
  const { items, headers } = pageOf(world, query, found);
  return { status: 200, headers, body: items.map((issue) => issueAnswer(issue, viewer)) };
}

const commentsIn = (issue: Issue) => issue.timeline.filter((entry) => entry.kind === 'comment');

function repositoryComments(world: World, asked: Asked): Answer {
  const all = repositoryAsked(world, asked).issues.flatMap(commentsIn);
  const found = all.filter((one) => within(one.updatedAt, asked.query)).sort((a, b) => a.id - b.id);
  const { items, headers } = pageOf(world, asked.query, found);
  return { status: 200, headers, body: items.map((one) => commentAnswer(one, asked.viewer)) };
}

/** All of them, whatever page was asked for. */
function issueComments(world: World, asked: Asked): Answer {
  const found = commentsIn(issueAsked(world, asked)).filter((one) => within(one.updatedAt, asked.query));
  const body = found.map((one) => commentAnswer(one, asked.viewer));
  return { status: 200, body, headers: { 'x-total-count': String(found.length) } };
}

/** Its total counts the page; an empty page is `null`. */
function timeline(world: World, asked: Asked): Answer {
  const issue = issueAsked(world, asked);
  const { items } = pageOf(
    world,
    asked.query,
    issue.timeline.filter((entry) => within(entry.kind === 'comment' ? entry.updatedAt : entry.createdAt, asked.query)),
  );
  const body = items.length === 0 ? null : items.map((entry) => timelineAnswer(entry, issue, asked.viewer));
  return { status: 200, body, headers: { 'x-total-count': String(items.length) } };
}

function createComment(world: World, asked: Asked): Answer {
  const issue = issueAsked(world, asked);
  const comment = issues.addComment(world, issue, demandPerson(asked.caller), Text.parse(asked.body).body);
  return created(commentAnswer(comment, asked.viewer));
}

function readComment(world: World, asked: Asked): Answer {
  const entry = entryAsked(world, asked);
  return entry.kind === 'comment' ? ok(commentAnswer(entry, asked.viewer)) : nothing;
}

/** Its author and whoever may write: else 403 without a body. */
const mayChange = (comment: Comment, { caller }: Asked) => {
  const role = roleIn(comment.issue.repository, caller.person);
  return comment.author === caller.person || role === 'write' || role === 'admin';
};

function editComment(world: World, asked: Asked): Answer {
  const entry = entryAsked(world, asked);
  if (entry.kind !== 'comment') return nothing;
  if (!mayChange(entry, asked)) return { status: 403 };
  issues.editComment(world, entry, Text.parse(asked.body).body, demandPerson(asked.caller));
  return ok(commentAnswer(entry, asked.viewer));
}

function deleteComment(world: World, asked: Asked): Answer {
  const entry = entryAsked(world, asked);
  if (entry.kind !== 'comment') throw new Refusal(400, '');
  if (!mayChange(entry, asked)) return { status: 403 };
  issues.deleteComment(world, entry, demandPerson(asked.caller));
  return nothing;
}

function listReactions(world: World, asked: Asked): Answer {
  const { reactions } = commentAsked(world, asked);
  return ok(reactions.length === 0 ? null : reactions.map((one) => reactionAnswer(one, asked.viewer)));
}

function addReaction(world: World, asked: Asked): Answer {
  const comment = commentAsked(world, asked);
  const person = demandPerson(asked.caller);
  const { content } = ReactionBody.parse(asked.body);
  const isNew = issues.react(world, comment, person, content);
  const reaction = comment.reactions.find((one) => one.person === person && one.content === content);
  return { status: isNew ? 201 : 200, body: reaction && reactionAnswer(reaction, asked.viewer) };
}

function removeReaction(world: World, asked: Asked): Answer {
  const comment = commentAsked(world, asked);
  demandRole(comment.issue.repository, asked.caller.person, 'read');
  issues.unreact(world, comment, demandPerson(asked.caller), ReactionBody.parse(asked.body).content);
  return nothing;
}
