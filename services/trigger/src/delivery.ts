import type { IntakeJob } from '@cc-ci/shared/contract/queues';
import { z } from 'zod';
import { carriesOurMark } from './decide.ts';
import { readComment } from './grammar.ts';

/** What of a delivery about a comment is looked at. Names and ids alone are kept: the comment is read again before it is believed. */
const CommentDelivery = z.object({
  action: z.string(),
  is_pull: z.boolean().optional(),
  issue: z.object({ pull_request: z.unknown().optional() }).optional(),
  comment: z.object({ id: z.int().positive(), updated_at: z.coerce.date(), body: z.string().default('') }),
  repository: z.object({
    id: z.int().positive(),
    name: z.string().min(1),
    owner: z.object({ login: z.string().optional(), username: z.string().optional() }),
  }),
});

/** What becomes of a delivery: a comment to be read, or nothing and why, as a sentence for whoever looks at the forge's list. */
export type Delivery =
  | { readonly kind: 'comment'; readonly job: IntakeJob }
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'unreadable'; readonly why: string };

const EVENTS = ['issue_comment', 'pull_request_comment'];

/** Reads a delivery whose signature holds. @param events of its headers @param word the trigger word */
export function readDelivery(events: readonly string[], text: string, word: string): Delivery {
  if (!events.some((event) => EVENTS.includes(event)))
    return nothing(`Only comments are listened to, and this is about ${events.join(', ') || 'no event'}.`);
  const parsed = CommentDelivery.safeParse(jsonOf(text));
  if (!parsed.success)
    return { kind: 'unreadable', why: `This is no delivery about a comment: ${z.prettifyError(parsed.error)}` };
  const { action, is_pull: isPull, issue, comment, repository } = parsed.data;
  if (action === 'deleted') return nothing('The comment was deleted.');
  if (isPull === false || (isPull === undefined && !issue?.pull_request)) return nothing('It is not about a pull request.');
  if (carriesOurMark(comment.body) || readComment(comment.body, word).kind === 'nothing')
    return nothing('The comment does not speak to cc-ci.');
  const owner = repository.owner.login ?? repository.owner.username;
  if (owner === undefined) return { kind: 'unreadable', why: 'The repository of this delivery has no owner.' };
  const { id, name } = repository;
  const job = { v: 1, repo: { id, owner, name }, commentId: comment.id, updatedAt: comment.updated_at.getTime() } as const;
  return { kind: 'comment', job };
}

function nothing(why: string): Delivery {
  return { kind: 'nothing', why };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
