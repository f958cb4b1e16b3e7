import type { LintFinding } from '@cc-ci/recipes/lint/finding';
import { placeInWords } from '@cc-ci/recipes/recipe-unreadable';
import { counted } from '@cc-ci/shared/service/counted';
import { reached } from '@cc-ci/shared/service/reached';
import { withoutFullStop } from '../words.ts';
import type { TierContext, TierResult } from './tier.ts';

/** The files of the commit against abra's rules and ours. The run goes on whatever comes of it: lint decides no verdict. */
export async function lint({ lintCommit, standing, say }: TierContext): Promise<TierResult> {
  const findings = await lintCommit().catch((cause: unknown) => {
    say(`Lint broke off: ${withoutFullStop(cause instanceof Error ? cause.message : String(cause))}.`);
    return undefined;
  });
  reached('runner.linted');
  if (!findings) return { state: 'unver', reason: 'it broke off through no fault of the recipe', note: null, standing };
  for (const finding of findings) say(sentenceOf(finding));
  const counts = (['error', 'warning'] as const).flatMap((of) => {
    const count = findings.filter(({ severity }) => severity === of).length;
    return count === 0 ? [] : [counted(count, `${of}s`)];
  });
  const note = counts.join(', ') || null;
  const [worst] = findings;
  const red = worst?.severity === 'error';
  return { state: red ? 'fail' : 'pass', reason: red ? worst.problem : null, note, findings, standing };
}

function sentenceOf({ rule, severity, file, line, problem, remedy }: LintFinding): string {
  return `${severity === 'error' ? 'Error' : 'Warning'} ${rule}: ${placeInWords({ file, line })}: ${problem}. Next: ${remedy}.`;
}
