import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageOptions } from '@cc-ci/cli/demo/stage';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { isSettled } from '@cc-ci/shared/runs/next';
import { everythingOf, openWorld, type World } from '../world.ts';
import type { Scenario } from './scenario.ts';

/** How a scenario ended. */
export interface Outcome {
  readonly name: string;
  readonly about: string;
  readonly verdict: RunRecord['verdict'];
  readonly level: number | null;
  /** From the comment to the proof that nothing is left. */
  readonly seconds: number;
  /** The comment on the pull request, as it was written. */
  readonly comment: string;
  /** What is not as expected, as sentences. */
  readonly breaches: readonly string[];
}

/** Waiting is most of a run: several at a time fit on two cores. */
const AT_A_TIME = 4;
/** Short, since recipes here are up at once or never; what is watched is the same as in production. */
const timeouts = { hold_seconds: 3, http_seconds: 20, converge_minutes: 1 };

/** Plays scenarios on one cc-ci, several at a time. @param told of each as soon as it has ended */
export async function playAll(
  ground: StageOptions['ground'],
  scenarios: readonly Scenario[],
  told: (outcome: Outcome) => void,
  signal: AbortSignal,
): Promise<Outcome[]> {
  await using opened = new AsyncDisposableStack();
  const tests = await mkdtemp(join(tmpdir(), 'ccci-scenarios-'));
  opened.defer(() => rm(tests, { recursive: true, force: true }));
  for (const { name, tests: own } of scenarios) if (own) await cp(own, join(tests, name), { recursive: true });
  const settings = { timeouts, tests: { source: tests } };
  const world = opened.use(await openWorld(ground, { capacity: AT_A_TIME, settings }));
  const waiting = [...scenarios];
  const outcomes: Outcome[] = [];
  const playOn = async (): Promise<void> => {
    for (let scenario = waiting.shift(); scenario; scenario = waiting.shift()) {
      signal.throwIfAborted();
      const outcome = await play(world, scenario);
      outcomes.push(outcome);
      told(outcome);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, playOn));
  return outcomes;
}

/** Opens the pull request of a scenario, asks for its run, and compares how that ends. */
async function play(world: World, scenario: Scenario): Promise<Outcome> {
  const { name, about, before, recipe, release, asks } = scenario;
  const main = before ?? { 'README.md': `# ${name}\n` };
  const pull = await world.pull(name, { files: main, ...(release !== undefined && { release }) }, recipe, about);
  const began = Date.now();
  world.comment(pull, asks);
  const run = await world.run(pull, `${name} is over and clean`, isSettled);
  const seconds = Math.round((Date.now() - began) / 1000);
  const comment = await world.says(pull, /Left behind: (?!not known yet)/);
  const stacks = run.attempts.map(({ stack }) => stack);
  const left = await everythingOf(world.docker, '', stacks);
  const breaches = breachesOf(scenario, run, asRead(comment), left);
  return { name, about, verdict: run.verdict, level: run.level, seconds, comment, breaches };
}

/** What of a run is not as its scenario wants it. @param said the comment, without escapes */
export function breachesOf(scenario: Scenario, run: RunRecord, said: string, left: readonly string[]): string[] {
  const { cause, steps } = scenario;
  const differs = (what: string, wanted: unknown, is: unknown): string[] =>
    wanted === undefined || wanted === is ? [] : [`The ${what} is ${is}, not ${wanted}.`];
  const lacks = (what: string, wanted: string | undefined, is = ''): string[] =>
    wanted === undefined || is.includes(wanted) ? [] : [`The ${what} does not say "${wanted}": ${is}`];
  const made = run.attempts.flatMap(({ cleanup }) => ('removed' in cleanup ? Object.values(cleanup.removed) : []));
  return [
    ...differs('verdict', scenario.verdict, run.verdict),
    ...differs('level', scenario.level, run.level),
    ...differs('amber', scenario.amber, run.amber),
    ...differs('base', scenario.base, run.base?.version),
    ...differs('number of attempts', 1, run.attempts.length),
    ...(cause ? differs('failed step', cause.tier, run.cause?.tier) : differs('cause', null, run.cause?.sentence ?? null)),
    ...differs('fault', cause?.fault, run.cause?.fault),
    ...lacks('cause', cause?.sentence, run.cause?.sentence),
    ...Object.entries(steps).flatMap(([tier, state]) =>
      differs(`step ${tier}`, state, run.steps.find((step) => step.tier === tier)?.state),
    ),
    ...lacks('comment', scenario.says, said),
    ...lacks('comment', 'Left behind: nothing', said),
    ...(scenario.nothing && made.some((count) => count > 0) ? ['Something was made on the host.'] : []),
    ...left.map((what) => `${what} was left behind.`),
  ];
}

/** A comment without what keeps foreign text from being markup. */
function asRead(body: string): string {
  return body.replaceAll('\u200b', '').replaceAll(/\\(?=[^a-z0-9\s])/gi, '');
}
