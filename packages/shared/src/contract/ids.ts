import { z } from 'zod';

/** Unix time in whole milliseconds. */
export const Millis = z.int().nonnegative();

/** A full git commit id. */
export const Sha = z.string().regex(/^[0-9a-f]{40}$/, 'expected a full commit id of 40 hex digits');
export type Sha = z.infer<typeof Sha>;

/** Six hex digits, short enough to be spoken. Derived from what asked for the run, see runs/new-run.ts. */
export const RunId = z.string().regex(/^[0-9a-f]{6}$/, 'expected a run id of 6 hex digits');
export type RunId = z.infer<typeof RunId>;

/** A name that is part of labels, Redis keys and job ids. */
export const Slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'expected 1 to 32 lower-case letters, digits and dashes');

/** A repository as the forge knows it. Names change, the id stays: everything is keyed on the id. */
export const RepoRef = z.object({
  id: z.int().positive(),
  owner: z.string().min(1),
  name: z.string().min(1),
});
export type RepoRef = z.infer<typeof RepoRef>;

/**
 * What the reporter speaks about: everything that belongs on one page of the forge.
 * Used as a de-duplication id, so it holds no colon.
 */
export const Subject = z
  .string()
  .regex(/^(?:pull-\d+-\d+|run-[0-9a-f]{6}|alert-[a-z0-9-]+)$/, 'expected a subject such as pull-3-7');
export type Subject = z.infer<typeof Subject>;

/** The subject of a pull request: repository id and pull request number. */
export function pullSubject(repoId: number, number: number): Subject {
  return `pull-${repoId}-${number}`;
}

/** The subject of a run that no pull request asked for. */
export function runSubject(run: RunId): Subject {
  return `run-${run}`;
}
