import { z } from 'zod';
import { rungs, tiers, verdicts } from './glossary.ts';
import { Before, Cause, CleanUp, Finding, Resources, StepState, TestResult } from './run.ts';

/** The rungs as `results.json` names them, from the first on. */
const rungNames = ['install', 'upgrade', 'backup_restore', 'functional', 'lint'] as const;

/** How one rung of the ladder ended. */
export const RungState = z.enum(['pass', 'fail', 'skip', 'unver']);
export type RungState = z.infer<typeof RungState>;
const Moment = z.iso.datetime();

const Stage = z.object({
  name: z.enum(tiers),
  status: StepState,
  seconds: z.number().nonnegative().nullable().describe('null: it was not made'),
  reason: z.string().nullable().describe('Of all but a pass: a half sentence'),
  note: z.string().nullable(),
  tests: z.array(TestResult),
});

/** What tools read of a run that ended: everything that schema 2 of the first cc-ci has, and more. */
export const Results = z
  .object({
    schema: z.literal(2),
    run_id: z.string(),
    recipe: z.string(),
    version: z.string().nullable().describe('The recipe version that the commit names'),
    pr: z.int().nullable(),
    ref: z.string().describe('The commit'),
    mode: z.enum(['full', 'quick']),
    verdict: z.enum(verdicts),
    level: z
      .int()
      .min(0)
      .max(Math.max(...Object.values(rungs)))
      .nullable()
      .describe('null: nothing was found out about the recipe'),
    amber: z.boolean(),
    rungs: z.record(z.enum(rungNames), RungState),
    stages: z.array(Stage),
    skips: z.object({
      intentional: z.record(z.string(), z.string()).describe('Step, and why it has nothing to test'),
      unintentional: z.array(z.string()).describe('Steps that should have been there'),
    }),
    lint: z.object({ status: RungState, findings: z.array(Finding) }),
    customization: z.object({ tests: z.record(z.string(), z.int()).describe('How many tests of its own ran, by step') }),
    flags: z.object({
      clean_teardown: z.boolean().nullable().describe('null: not proven yet'),
      no_secret_leak: z.boolean().nullable().describe('null: not looked for'),
    }),
    base: z.object({ version: z.string().nullable(), commit: z.string() }).nullable(),
    cause: Cause.nullable(),
    resources: Resources.nullable().describe('What the app took of its host; null: it was never up'),
    before: Before.nullable().describe('What earlier runs of the repository say; null: there is no verdict about the commit'),
    cleanup: CleanUp.nullable().describe('Of the last attempt'),
    attempts: z.int().nonnegative(),
    stand_ins: z.boolean().describe('The images were not the real ones'),
    screenshot: z.string().nullable(),
    summary_card: z.string().nullable(),
    asked: Moment,
    finished: Moment,
  })
  .describe('results.json of cc-ci, schema 2');
export type Results = z.infer<typeof Results>;
