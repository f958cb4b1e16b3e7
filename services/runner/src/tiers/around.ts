import type { TestResult } from '@cc-ci/shared/contract/run';
import type { Standing } from '../deployment.ts';
import { ifOurs, judged, notRun, told } from './tests.ts';
import type { TierContext, TierResult } from './tier.ts';

/** What cc-ci's own files have around one step. */
export interface Around {
  /** Calls the hook that comes before it, on the app as it is then. */
  before(): Promise<readonly TestResult[]>;
  /** Runs the tests that belong to it, on the app as it has left it. */
  after(standing: Standing | undefined): Promise<readonly TestResult[]>;
}

/**
 * Makes a step with cc-ci's own hooks and tests around it, whose results count as its own. A hook that fails is red, and the step is
 * not made: what it was to find is not there.
 */
export async function withOwnTests(
  { before, after }: Around,
  { standing, say }: Pick<TierContext, 'standing' | 'say'>,
  make: () => Promise<TierResult>,
): Promise<TierResult> {
  const prepared = await before().catch(ifOurs);
  if (prepared instanceof Error) return notRun('its own tests', prepared, say, { standing });
  const hooks = told(prepared, say);
  const red = judged(hooks);
  if (red.failure) return { ...red, tests: hooks, standing };
  const result = await make();
  if (result.state !== 'pass') return hooks.length > 0 ? { ...result, tests: hooks } : result;
  const checked = await after(result.standing).catch(ifOurs);
  if (checked instanceof Error) return notRun('its own tests', checked, say, result);
  const tests = [...hooks, ...told(checked, say)];
  if (tests.length === 0) return result;
  const { failure, reason } = judged(tests);
  if (failure) return { ...result, state: 'fail', reason, failure, tests };
  const note = [...(result.note === null ? [] : [result.note]), `${tests.length} of cc-ci’s own tests`].join('; ');
  return { ...result, note, tests };
}
