/** Something that lint holds against a recipe. */
export interface LintFinding extends Place {
  /** `R011`, as abra numbers its rules, or the name of one that only cc-ci has, e.g. `config-version`. */
  readonly rule: string;
  /** An error keeps the recipe from the top level; a warning is only said. */
  readonly severity: 'error' | 'warning';
  /** Goes on after "`compose.yml` line 12: ", without a full stop. */
  readonly problem: string;
  /** What to do, as a command that goes on after "To reach level 5: ", without a full stop. */
  readonly remedy: string;
}

export interface Place {
  readonly file: string;
  /** Counted from 1; null where it is about the whole file. */
  readonly line: number | null;
}

/** What is wrong and what to do, as in LintFinding. */
export type Words = readonly [problem: string, remedy: string];

export function error(rule: string, place: Place, words: Words): LintFinding {
  return finding('error', rule, place, words);
}

export function warning(rule: string, place: Place, words: Words): LintFinding {
  return finding('warning', rule, place, words);
}

function finding(severity: LintFinding['severity'], rule: string, { file, line }: Place, [problem, remedy]: Words): LintFinding {
  return { rule, severity, file, line, problem, remedy };
}

/** Errors first, then by file and line. */
export function inOrder(findings: readonly LintFinding[]): LintFinding[] {
  const rank = ({ severity }: LintFinding): number => (severity === 'error' ? 0 : 1);
  return findings.toSorted(
    (a, b) => rank(a) - rank(b) || compare(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || compare(a.rule, b.rule),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
