import type { LintFinding } from '@cc-ci/recipes/lint/finding';
import type { TierContext, TierResult } from './tier.ts';

/** The files of the commit against abra's rules and ours. The run goes on whatever comes of it: lint decides no verdict. */
export async function lint({ lintCommit, standing, say }: TierContext): Promise<TierResult> {
  const findings = await lintCommit().catch((cause: unknown) => {
    say(`Lint broke off: ${cause instanceof Error ? cause.message : String(cause)}.`);
    return undefined;
  });
  if (!findings) return { state: 'unver', reason: 'it broke off through no fault of the recipe', note: null, standing };
  for (const finding of findings) say(sentenceOf(finding));
  const [errors, warnings] = (['error', 'warning'] as const).map(
    (of) => findings.filter(({ severity }) => severity === of).length,
  );
  const note = [counted(errors, 'error'), counted(warnings, 'warning')].flat().join(', ') || null;
  const [worst] = findings;
  const red = worst?.severity === 'error';
  return { state: red ? 'fail' : 'pass', reason: red ? worst.problem : null, note, findings, standing };
}

function counted(count = 0, word: string): string[] {
  return count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`];
}

function sentenceOf({ rule, severity, file, line, problem, remedy }: LintFinding): string {
  const place = line === null ? `\`${file}\`` : `\`${file}\` line ${line}`;
  return `${severity === 'error' ? 'Error' : 'Warning'} ${rule}: ${place}: ${problem}. Next: ${remedy}.`;
}
