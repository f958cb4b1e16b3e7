import { z } from 'zod';

const section = z.strictObject;
/** What is shorter cannot be masked without blotting out ordinary words. Characters. */
const MIN_SECRET = 8;
const Reason = z.string().min(1, 'expected a reason that people can read');

/** YAML reads `1` and `true` as what they are; in an environment everything is text. */
const Environment = z.record(
  z.string().regex(/^[A-Za-z_]\w*$/, 'expected the name of a variable'),
  z.union([z.string(), z.number(), z.boolean()]).transform(String),
);

/** `recipe.yml` beside cc-ci's own tests of a recipe: what a run of it does differently. Unknown keys are refused. */
export const RecipeYml = section({
  health: section({
    path: z.string().startsWith('/').default('/').describe('The page that is asked for'),
    statuses: z
      .array(z.int().min(100).max(599))
      .min(1)
      .optional()
      .describe('HTTP statuses of an app that works; unset: 2xx, 3xx, 401 and 403'),
  }).prefault({}),
  timeouts: section({
    converge_minutes: z.number().positive().optional().describe('Until a deployment is healthy'),
    http_seconds: z.number().positive().optional().describe('Until a healthy app answers through the proxy'),
    hold_seconds: z.number().positive().optional().describe('How long the commit has to stand'),
  }).prefault({}),
  environment: Environment.default({}).describe('Variables set over those of `.env.sample`; `$DOMAIN` and others unfold'),
  upgrade_environment: Environment.default({}).describe('Further variables, set from the upgrade on'),
  secrets: z
    .record(z.string(), z.string().min(MIN_SECRET, 'expected at least 8 characters: shorter ones cannot be masked'))
    .default({})
    .describe('Values of secrets, by their names in the compose file, where a random one will not do; never a real one'),
  upgrade_from: z.string().optional().describe('The release that upgrades start from, instead of the newest before'),
  not_applicable: z
    .partialRecord(z.enum(['upgrade', 'backup', 'restore', 'custom']), Reason)
    .default({})
    .describe('Steps that cannot be made with this recipe, each with the reason'),
});
export type RecipeYml = z.infer<typeof RecipeYml>;

/** How a recipe is asked whether it works. */
export type HealthCheck = RecipeYml['health'];
