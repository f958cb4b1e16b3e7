/** What the body of a webhook's delivery says, as far as cc-ci reads it: a hint where to look, since it may be old. */
import { z } from 'zod';

const CommentEvent = z
  .object({
    action: z.string(),
    /** Absent in older forges, where the issue of a pull request says it. */
    is_pull: z.boolean().optional(),
    issue: z.object({ pull_request: z.unknown().optional() }).optional(),
    comment: z.object({ id: z.int().positive(), body: z.string().default(''), updated_at: z.coerce.date() }),
    repository: z.object({ id: z.int().positive(), full_name: z.string().regex(/^[^/]+\/[^/]+$/, 'expected owner/name') }),
  })
  .transform(({ action, is_pull: isPull, issue, comment, repository }) => {
    const [owner = '', name = ''] = repository.full_name.split('/');
    return {
      action,
      isPull: isPull ?? Boolean(issue?.pull_request),
      commentId: comment.id,
      updatedAt: comment.updated_at,
      /** By a stranger, and perhaps no longer so. */
      text: comment.body,
      repository: { id: repository.id, owner, name },
    };
  });
export type CommentEvent = z.output<typeof CommentEvent>;

/** A delivery that is not what its headers say. */
export class DeliveryUnreadable extends Error {
  override readonly name = 'DeliveryUnreadable';
}

/** A comment that was written, edited or deleted. Throws DeliveryUnreadable, which says what is missing. */
export function readCommentEvent(body: Uint8Array): CommentEvent {
  const parsed = CommentEvent.safeParse(jsonOf(body));
  if (parsed.success) return parsed.data;
  throw new DeliveryUnreadable(`This is no delivery about a comment. ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new DeliveryUnreadable('The body of the delivery is not JSON.', { cause });
  }
}
