import { z } from 'zod';
import { Millis, RepoRef, RunId, Slug } from './ids.ts';

export const SweepEntry = z.object({
  repo: RepoRef,
  recipe: z.string(),
  /** null: not started. */
  run: RunId.nullable(),
  /** Why it was left out, e.g. "no release yet". */
  skipped: z.string().nullable(),
});

/** A re-test of every enrolled recipe. Each finished run admits the next. */
export const SweepRecord = z.object({
  v: z.literal(1),
  id: Slug,
  rev: z.int().nonnegative(),
  startedAt: Millis,
  endedAt: Millis.nullable(),
  entries: z.array(SweepEntry),
});
export type SweepRecord = z.infer<typeof SweepRecord>;
