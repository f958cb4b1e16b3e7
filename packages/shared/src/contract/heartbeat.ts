import { z } from 'zod';
import { Millis, Slug } from './ids.ts';

/** What a service says of itself, so that "nothing happens" has a reason that can be read. */
export const Heartbeat = z.object({
  v: z.literal(1),
  service: z.enum(['trigger', 'runner', 'reporter', 'infra']),
  /** Unique for a process. */
  id: z.string().min(1),
  host: Slug,
  startedAt: Millis,
  at: Millis,
  /** Of the instance file, so that differences show. */
  settingsHash: z.string(),
  /** Runners only. */
  capacity: z.int().nonnegative().nullable(),
  running: z.array(z.string()),
  /** An operator wants no more runs on this host: it ends what it has. */
  draining: z.boolean().default(false),
});
export type Heartbeat = z.infer<typeof Heartbeat>;
