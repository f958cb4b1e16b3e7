import { type CommentEvent, DeliveryUnreadable, readCommentEvent } from '@cc-ci/forge/delivery';
import type { IntakeJob } from '@cc-ci/shared/contract/queues';
import { carriesOurMark } from './decide.ts';
import { readComment } from './grammar.ts';

/** What becomes of a delivery: a comment to be read, or nothing and why, as a sentence for whoever looks at the forge's list. */
export type Delivery =
  | { readonly kind: 'comment'; readonly job: IntakeJob }
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'unreadable'; readonly why: string };

const EVENTS = ['issue_comment', 'pull_request_comment'];

/** Reads a delivery whose signature holds. @param events of its headers @param word the trigger word */
export function readDelivery(events: readonly string[], body: Uint8Array, word: string): Delivery {
  if (!events.some((event) => EVENTS.includes(event)))
    return nothing(`Only comments are listened to, and this is about ${events.join(', ') || 'no event'}.`);
  try {
    return judged(readCommentEvent(body), word);
  } catch (error) {
    if (error instanceof DeliveryUnreadable) return { kind: 'unreadable', why: error.message };
    throw error;
  }
}

function judged({ action, isPull, commentId, updatedAt, text, repository }: CommentEvent, word: string): Delivery {
  if (action === 'deleted') return nothing('The comment was deleted.');
  if (!isPull) return nothing('It is not about a pull request.');
  if (carriesOurMark(text) || readComment(text, word).kind === 'nothing') return nothing('The comment does not speak to cc-ci.');
  return { kind: 'comment', job: { v: 1, repo: repository, commentId, updatedAt: updatedAt.getTime() } };
}

function nothing(why: string): Delivery {
  return { kind: 'nothing', why };
}
