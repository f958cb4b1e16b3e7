import type { Tier } from '@cc-ci/shared/contract/glossary';
import type { Planned } from '@cc-ci/shared/runs/next';
import type { Standing } from './deployment.ts';
import type { Journal } from './journal.ts';
import { type Around, withOwnTests } from './tiers/around.ts';
import { backup } from './tiers/backup.ts';
import { StepFailed } from './tiers/failures.ts';
import { goingOn } from './tiers/go-on.ts';
import { install } from './tiers/install.ts';
import { lint } from './tiers/lint.ts';
import { restore } from './tiers/restore.ts';
import { custom, extra, local } from './tiers/tests.ts';
import type { Kept, RunTier, TierContext } from './tiers/tier.ts';
import { upgrade } from './tiers/upgrade.ts';

/** Every tier that this version carries out. */
const tiers: Partial<Record<Tier, RunTier>> = {
  ...{ lint, install, upgrade, custom, local, extra },
  backup: goingOn(backup),
  restore: goingOn(restore),
};
/** Nothing is left to be tested once one of these has failed. */
const ending: readonly Tier[] = ['install', 'upgrade'];

/** What the steps before have left for the next one. */
export interface SoFar {
  readonly standing: Standing | undefined;
  readonly kept: Kept | undefined;
  readonly passed: ReadonlySet<Tier>;
}

/** Makes the planned steps in their order, and measures what each leaves up. One that throws ends them; the first failure of one that does not is thrown at the end. */
export async function makeSteps(
  steps: readonly Planned[],
  journal: Journal,
  signal: AbortSignal,
  measure: (standing: Standing) => Promise<void>,
  contextOf: (sofar: SoFar) => TierContext & { around(tier: Tier): Around },
): Promise<void> {
  let sofar: SoFar = { standing: undefined, kept: undefined, passed: new Set() };
  let failure: Error | undefined;
  for (const { tier, state } of steps) {
    const runTier = tiers[tier];
    if (state === 'skip' || !runTier) continue;
    signal.throwIfAborted();
    const context = contextOf(sofar);
    const result = await journal.step(tier, () => withOwnTests(context.around(tier), context, () => runTier(context)));
    const passed = result.state === 'pass' ? new Set([...sofar.passed, tier]) : sofar.passed;
    if (result.standing) await measure(result.standing);
    sofar = { standing: result.standing, kept: result.kept ?? sofar.kept, passed };
    if (result.failure) failure ??= new StepFailed(tier, result.failure);
    if (result.failure && ending.includes(tier)) break;
  }
  if (failure) throw failure;
}
