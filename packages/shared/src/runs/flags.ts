import { builtTiers, type Tier } from '../contract/glossary.ts';
import type { RunFlags } from '../contract/run.ts';
import { nearest } from '../service/nearest.ts';

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

/** Whether a run with these flags says something of the whole commit: a part of one changes nothing that is published. */
export function isWhole({ stages, quick }: RunFlags): boolean {
  return stages === null && !quick;
}

/** A word that names no step, and the step that was probably meant. */
export interface UnknownStage {
  readonly wrong: string;
  readonly meant: string | undefined;
}

/** The steps that are named in `upgrade,install`, each once and in their order; or the first word among them that names none. */
export function readStages(text: string): Tier[] | UnknownStage {
  const names = text.toLowerCase().split(',');
  const wrong = names.find((name) => !builtTiers.some((tier) => tier === name));
  return wrong === undefined ? builtTiers.filter((tier) => names.includes(tier)) : { wrong, meant: nearest(wrong, builtTiers) };
}
