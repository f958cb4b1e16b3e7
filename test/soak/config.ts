import { z } from 'zod';

const Weigh = z.object({
  /** Where a process writes what it holds, in a file named after its id. */
  CCCI_WEIGH_FOLDER: z.string().startsWith('/'),
});
/** What the process was told. Throws a ZodError when that is not all of it. */
export function readWeigh(environment: Readonly<Record<string, string | undefined>> = process.env) {
  return Weigh.parse(environment);
}
