import type { Api } from 'gitea-js';
import { z } from 'zod';
import { addressOf, checkedNumber, checkedSha } from './address.ts';
import { expectStatus, parseBody, totalOf } from './answer.ts';
import type { ForgeWriter } from './forge.ts';
import { absentIfNotFound, comments, me, repository } from './gitea-reader.ts';
import { allPages, PAGE_SIZE } from './paging.ts';
import { Comment, CommitStatus, type NewCommitStatus, Reaction, type RepoRef } from './schema.ts';

/** The writing half of Gitea. Each demands the exact status of success. */
export function giteaWriter(api: Api<unknown>): ForgeWriter {
  return {
    me: () => me(api),
    comments: (ref, number, since) => comments(api, ref, number, since),
    createComment: (ref, number, body) => createComment(api, ref, number, body),
    editComment: (ref, id, body) => editComment(api, ref, id, body),
    deleteComment: (ref, id) => deleteComment(api, ref, id),
    reactions: (ref, commentId) => reactions(api, ref, commentId),
    addReaction: (ref, commentId, content) => addReaction(api, ref, commentId, content),
    removeReaction: (ref, commentId, content) => removeReaction(api, ref, commentId, content),
    canPush: async (ref) => (await repository(api, ref)).canPush,
    statuses: (ref, sha) => statuses(api, ref, sha),
    createStatus: (ref, sha, status) => createStatus(api, ref, sha, status),
  };
}

async function createComment(api: Api<unknown>, ref: RepoRef, number: number, body: string): Promise<Comment> {
  const { owner, name, text } = addressOf(ref);
  const index = checkedNumber('issue', number);
  const about = `new comment on ${text}#${index}`;
  const answer = await api.repos.issueCreateComment(owner, name, index, { body });
  expectStatus(about, answer, 201);
  return parseBody(about, answer, Comment);
}

async function editComment(api: Api<unknown>, ref: RepoRef, commentId: number, body: string): Promise<Comment> {
  const { owner, name, text } = addressOf(ref);
  const id = checkedNumber('comment', commentId);
  const about = `edited comment ${id} of ${text}`;
  const answer = await api.repos.issueEditComment(owner, name, id, { body });
  expectStatus(about, answer, 200);
  return parseBody(about, answer, Comment);
}

async function deleteComment(api: Api<unknown>, ref: RepoRef, commentId: number): Promise<void> {
  const { owner, name, text } = addressOf(ref);
  const id = checkedNumber('comment', commentId);
  const answer = await absentIfNotFound(api.repos.issueDeleteComment(owner, name, id));
  if (answer) expectStatus(`deleted comment ${id} of ${text}`, answer, 204);
}

async function reactions(api: Api<unknown>, ref: RepoRef, commentId: number): Promise<Reaction[]> {
  const { owner, name, text } = addressOf(ref);
  const id = checkedNumber('comment', commentId);
  const answer = await api.repos.issueGetCommentReactions(owner, name, id);
  // `null` when there is none.
  return parseBody(`reactions to comment ${id} of ${text}`, answer, z.array(Reaction).nullable()) ?? [];
}

async function addReaction(api: Api<unknown>, ref: RepoRef, commentId: number, content: string): Promise<void> {
  const { owner, name, text } = addressOf(ref);
  const id = checkedNumber('comment', commentId);
  const answer = await api.repos.issuePostCommentReaction(owner, name, id, { content });
  expectStatus(`reaction to comment ${id} of ${text}`, answer, 201, 200);
}

async function removeReaction(api: Api<unknown>, ref: RepoRef, commentId: number, content: string): Promise<void> {
  const { owner, name, text } = addressOf(ref);
  const id = checkedNumber('comment', commentId);
  const answer = await absentIfNotFound(api.repos.issueDeleteCommentReaction(owner, name, id, { content }));
  // 204 from 1.26 on, 200 before.
  if (answer) expectStatus(`removed reaction to comment ${id} of ${text}`, answer, 204, 200);
}

async function statuses(api: Api<unknown>, ref: RepoRef, commit: string): Promise<CommitStatus[]> {
  const { owner, name, text } = addressOf(ref);
  const sha = checkedSha(commit);
  const rows = await allPages(
    async (page) => {
      const answer = await api.repos.repoListStatuses(owner, name, sha, { sort: 'recentupdate', page, limit: PAGE_SIZE });
      return { items: parseBody(`statuses of ${sha} in ${text}`, answer, z.array(CommitStatus)), total: totalOf(answer) };
    },
    (status) => status.id,
  );
  return rows.sort((a, b) => b.id - a.id);
}

async function createStatus(api: Api<unknown>, ref: RepoRef, commit: string, status: NewCommitStatus): Promise<CommitStatus> {
  const { owner, name, text } = addressOf(ref);
  const sha = checkedSha(commit);
  const about = `new status of ${sha} in ${text}`;
  const { state, context, description, targetUrl } = status;
  const answer = await api.repos.repoCreateStatus(owner, name, sha, { state, context, description, target_url: targetUrl });
  expectStatus(about, answer, 201);
  return parseBody(about, answer, CommitStatus);
}
