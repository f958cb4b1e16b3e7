import { z } from 'zod';

/** Where a process has to die. */
const KillAt = z.object({
  /** A label of packages/shared/src/service/reached.ts. */
  CCCI_KILL_AT: z.string(),
  /** At which time that it is reached, counted from 1. */
  CCCI_KILL_TIME: z.coerce.number().int().positive(),
  /** Of what it dies, or what makes it stand still. */
  CCCI_KILL_SIGNAL: z.enum(['SIGKILL', 'SIGSTOP']).default('SIGKILL'),
  /** Only while this file is there; the process that dies takes it along. */
  CCCI_KILL_ARMED: z.string().startsWith('/'),
});
/** What the process was told. Throws a ZodError when that is not all of it. */
export function readKillAt(environment: Readonly<Record<string, string | undefined>> = process.env) {
  return KillAt.parse(environment);
}
