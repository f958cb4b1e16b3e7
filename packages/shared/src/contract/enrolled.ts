import { z } from 'zod';
import { Millis, RepoRef } from './ids.ts';

/** A recipe whose pull requests are watched, as the trigger last saw its repository. */
export const Enrolled = z.object({
  v: z.literal(1),
  repo: RepoRef,
  cloneUrl: z.url(),
  defaultBranch: z.string().min(1),
  private: z.boolean(),
  seenAt: Millis,
});
export type Enrolled = z.infer<typeof Enrolled>;
