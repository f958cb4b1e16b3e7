import { builtTiers } from '@cc-ci/shared/contract/glossary';
import { Sha } from '@cc-ci/shared/contract/ids';
import type { RunFlags } from '@cc-ci/shared/contract/run';
import { flagsOf } from '@cc-ci/shared/runs/flags';
import { z } from 'zod';

/** `EXTRA_TESTS=1`, as CI systems hand parameters on. */
const Switch = z.union([z.boolean(), z.enum(['0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true')]);
const Stages = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
  .pipe(z.array(z.enum(builtTiers, `expected some of ${builtTiers.join(', ')}`)).min(1));

/** What `POST /api/runs` is asked with: parameters of the run in lower case, or as a CI system's environment would have them. */
export const ApiRequest = z
  .strictObject({
    repository: z
      .string()
      .regex(/^[^/\s]+\/[^/\s]+$/, 'expected owner/name')
      .describe('The enrolled recipe, as owner/name'),
    pull: z.coerce
      .number()
      .int()
      .positive()
      .optional()
      .describe('Number of an open pull request; without it, the default branch is tested'),
    commit: Sha.optional().describe('A commit of the pull request; without it, its head'),
    extra_tests: Switch.optional().describe('Run the extra tests too'),
    stages: Stages.optional().describe('Only these steps and what they stand on; such a run sets no level'),
    EXTRA_TESTS: Switch.optional().describe('As extra_tests'),
    STAGES: Stages.optional().describe('As stages'),
  })
  .refine(({ pull, commit }) => pull !== undefined || commit === undefined, {
    path: ['pull'],
    error: 'expected the pull request that the commit is of',
  });
export type ApiRequest = z.infer<typeof ApiRequest>;

/** What a request asks for, by the same rules as the flags of a comment. */
export function flagsAsked({ extra_tests, EXTRA_TESTS, stages, STAGES }: ApiRequest): RunFlags {
  const asked = stages ?? STAGES;
  return flagsOf({
    extraTests: extra_tests ?? EXTRA_TESTS ?? false,
    stages: asked === undefined ? null : builtTiers.filter((tier) => asked.includes(tier)),
  });
}
