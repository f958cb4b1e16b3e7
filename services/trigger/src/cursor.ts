import { Millis } from '@cc-ci/shared/contract/ids';
import { z } from 'zod';

/** How far an owner's comments have been read. All times are the forge's own. */
export const Cursor = z.object({
  v: z.literal(1),
  /** Whatever moved before this has been read and recorded. */
  since: Millis,
  /** When the owner was first watched. Older comments were not meant for this cc-ci. */
  begun: Millis,
});
export type Cursor = z.infer<typeof Cursor>;

/**
 * How far each poll reaches back behind the one before: forges count whole seconds, and what they write may become visible
 * a moment after the time that it carries.
 */
const OVERLAP_MS = 2 * 60_000;

/** The time to ask from. Without a cursor: as far back as a comment could count. @param now Unix milliseconds */
export function askFrom(cursor: Cursor | undefined, now: number, oldestMs: number): Date {
  return new Date(cursor ? Math.max(0, cursor.since - OVERLAP_MS) : now - oldestMs);
}

/** The first cursor of an owner, before anything was read. @param asked the time that was asked from */
export function firstCursor(asked: Date, serverTime: Date): Cursor {
  return { v: 1, since: asked.getTime(), begun: serverTime.getTime() };
}

/**
 * The cursor after everything that was asked for has been read and recorded. It follows the forge's clock, also backwards.
 * @param serverTime when the forge answered the first question of this poll
 */
export function readUpTo(cursor: Cursor, serverTime: Date): Cursor {
  return { ...cursor, since: serverTime.getTime() };
}

/** Why a comment is too old to be acted on, or undefined when it is not. Said of a comment at the time when it is first seen. */
export function tooOld(
  comment: { readonly updatedAt: Date },
  cursor: Cursor,
  serverTime: Date,
  oldestMs: number,
): string | undefined {
  const at = comment.updatedAt.getTime();
  if (at < cursor.begun) return 'it was written before cc-ci watched this repository';
  if (at < serverTime.getTime() - oldestMs) return 'it was too old when it was first seen';
  return undefined;
}
