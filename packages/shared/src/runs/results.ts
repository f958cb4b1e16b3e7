import { rungs } from '../contract/glossary.ts';
import type { Results } from '../contract/results.ts';
import type { RunRecord, Step } from '../contract/run.ts';
import { rungState } from './level.ts';
import { currentAttempt } from './next.ts';

/** What tools read of a run; undefined while it goes on. */
export function resultsOf(run: RunRecord): Results | undefined {
  const { request, steps, verdict, endedAt } = run;
  if (verdict === null || endedAt === null) return undefined;
  const cleanup = currentAttempt(run)?.cleanup ?? null;
  const skipped = steps.filter(({ state }) => state === 'skip');
  const own = steps.filter(({ tests }) => tests.length > 0);
  const lint = steps.find(({ tier }) => tier === 'lint');
  return {
    schema: 2,
    run_id: run.id,
    recipe: request.recipe,
    version: run.version,
    pr: request.pull?.number ?? null,
    ref: request.commit,
    mode: request.flags.quick ? 'quick' : 'full',
    verdict,
    level: run.level,
    amber: run.amber,
    rungs: rungsOf(steps),
    stages: steps.map(({ tier, state, reason, note, tests, startedAt, endedAt: end }) => {
      const seconds = startedAt === null || end === null ? null : (end - startedAt) / 1000;
      return { name: tier, status: state, seconds, reason, note, tests };
    }),
    skips: {
      intentional: Object.fromEntries(skipped.flatMap(({ tier, reason, intended }) => (intended ? [[tier, reason ?? '']] : []))),
      unintentional: skipped.flatMap(({ tier, intended }) => (intended ? [] : [tier])),
    },
    lint: { status: rungState(steps, rungs.lint), findings: lint?.findings ?? [] },
    customization: { tests: Object.fromEntries(own.map(({ tier, tests }) => [tier, tests.length])) },
    flags: { clean_teardown: cleanup === null ? true : cleanUpKnown(cleanup.state), no_secret_leak: null },
    base: run.base,
    cause: run.cause,
    before: run.before,
    resources: run.resources,
    cleanup,
    attempts: run.attempts.length,
    stand_ins: run.standIns,
    screenshot: null,
    summary_card: null,
    asked: new Date(run.createdAt).toISOString(),
    finished: new Date(endedAt).toISOString(),
  };
}

function cleanUpKnown(state: 'pending' | 'proven' | 'remaining'): boolean | null {
  return state === 'pending' ? null : state === 'proven';
}

function rungsOf(steps: readonly Step[]): Results['rungs'] {
  return {
    install: rungState(steps, rungs.install),
    upgrade: rungState(steps, rungs.upgrade),
    backup_restore: rungState(steps, rungs.restore),
    functional: rungState(steps, rungs.custom),
    lint: rungState(steps, rungs.lint),
  };
}
