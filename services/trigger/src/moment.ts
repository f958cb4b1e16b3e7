import type { Sha } from '@cc-ci/shared/contract/ids';
import type { RunRequest } from '@cc-ci/shared/contract/run';

/** What the forge's timeline says of a pull request's branch. Its ids and those of comments are of one sequence. */
export interface Timeline {
  /** In any order. `after`: the head that the push left. */
  readonly pushes: readonly { readonly id: number; readonly pusher: { readonly id: number }; readonly after: string }[];
  /** Ids of the entries that hide pushes: closings, and changes of the target branch. */
  readonly gaps: readonly number[];
}

/** The commit that a comment meant, or why that cannot be said. */
export type Meant =
  | { readonly kind: 'commit'; readonly commit: Sha; readonly chosen: RunRequest['chosen'] }
  | { readonly kind: 'moved' }
  /** The pushes do not lead to the present head: one is missing, for now or for good. */
  | { readonly kind: 'unexplained' };

/**
 * The head at the moment of a comment: what its writer can have read, and therefore the only commit that is run for it.
 * What was pushed after it counts as meant only where all of it came from whoever wrote the comment.
 * @param present the head now, read before the timeline
 */
export function commitAtComment(
  comment: { readonly id: number; readonly author: { readonly id: number } },
  present: Sha,
  { pushes, gaps }: Timeline,
): Meant {
  const inOrder = pushes.toSorted((a, b) => a.id - b.id);
  const later = inOrder.filter((push) => push.id > comment.id);
  if (later.some((push) => push.pusher.id !== comment.author.id)) return { kind: 'moved' };
  const unseenPushes = gaps.some((id) => id > comment.id);
  if (unseenPushes || inOrder.at(-1)?.after !== present) return { kind: 'unexplained' };
  return { kind: 'commit', commit: present, chosen: later.length > 0 ? 'own-push-after-comment' : 'head-at-comment' };
}
