import type { Tier } from '../contract/glossary.ts';
import type { RunFlags } from '../contract/run.ts';

/**
 * The flags of a run, from whatever way they were asked for. The extra tests are no part of a run that could be looked at alone: who
 * asks for that step only means all the usual ones, and them too. `--quick` is not built yet.
 */
export function flagsOf({
  extraTests,
  stages,
}: {
  readonly extraTests: boolean;
  readonly stages: readonly Tier[] | null;
}): RunFlags {
  const isExtraAlone = stages?.length === 1 && stages[0] === 'extra';
  if (isExtraAlone) return { quick: false, extraTests: true, stages: null };
  return { quick: false, extraTests, stages: stages && [...stages] };
}
