import { ImageUnavailable } from '@cc-ci/deploy/errors';
import type { TestResult } from '@cc-ci/shared/contract/run';
import { PullTooSlow } from '../deployment.ts';
import { TestMisplaced, type TestTier } from '../tests/find.ts';
import { HookUnknown } from '../tests/hooks.ts';
import { NothingToTest } from '../tests/testing.ts';
import { withoutFullStop } from '../words.ts';
import { TestsFailed } from './failures.ts';
import type { RunTier, TierContext, TierResult } from './tier.ts';

/** cc-ci's own tests of the recipe, against the app as the steps before have left it. */
export const custom: RunTier = (context) => tests('custom', context);
/** Those in the recipe itself, which an operator has approved. */
export const local: RunTier = (context) => tests('local', context);
/** The heavy ones among them, on the same deployment. */
export const extra: RunTier = (context) => tests('extra', context);

/** Of what a test said, in characters; the log has the rest. */
const LONGEST_SAID = 500;

/** Red tests do not end the run: the app is as good for the tests after them as before. */
async function tests(tier: TestTier, { runTests, standing, say }: TierContext): Promise<TierResult> {
  const cases = await runTests(tier).catch(ifOurs);
  if (cases instanceof Error) return notRun('the tests', cases, say, { standing });
  return { ...judged(cases), tests: told(cases, say), standing };
}

/** The results as they are kept; what each test that did not pass said goes into the log whole. */
export function told(cases: readonly TestResult[], say: (sentence: string) => void): TestResult[] {
  for (const { name, state, said } of cases) if (state !== 'pass') say(`${state === 'fail' ? '✘' : '○'} ${name}: ${said}`);
  return cases.map((each) => ({ ...each, said: each.said.slice(0, LONGEST_SAID) }));
}

/** Whatever keeps tests from running is no fault of the app, and nothing that another attempt would mend. Throws what is anything else. */
export function ifOurs(error: unknown): Error {
  for (const kind of [TestMisplaced, HookUnknown, NothingToTest, ImageUnavailable, PullTooSlow])
    if (error instanceof kind) return error;
  throw error;
}

/** What did not run is never counted as passed. @param what of the run: `the tests` */
export function notRun(
  what: string,
  error: Error,
  say: (sentence: string) => void,
  left: Pick<TierResult, 'standing' | 'kept'>,
): TierResult {
  say(error.message);
  return { ...left, state: 'unver', reason: `${what} could not be run: ${withoutFullStop(error.message)}`, note: null };
}

/** What the results of tests make of the step that they belong to. */
export function judged(cases: readonly TestResult[]): Omit<TierResult, 'standing'> {
  const of = (state: TestResult['state']): TestResult[] => cases.filter((each) => each.state === state);
  const [passed, failed, skipped] = [of('pass'), of('fail'), of('skip')];
  const left = skipped.length === 0 ? '' : `; ${skipped.length} skipped`;
  const note = `${passed.length} of ${cases.length}${left}`;
  if (failed.length > 0) {
    const failure = new TestsFailed(failed, cases.length);
    return { state: 'fail', reason: withoutFullStop(failure.message), note, failure };
  }
  if (passed.length > 0) return { state: 'pass', reason: null, note };
  const reason = skipped[0] ? `all its tests skip themselves: ${skipped[0].said}` : 'no test was found';
  return { state: 'skip', reason, note: null };
}
