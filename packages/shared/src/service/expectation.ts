import type { z } from 'zod';

/** What zod calls a type, as a person who writes settings would. */
const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with names and values',
  record: 'a section with names and values',
};

/** Words that continue "expected", for a value that was refused. */
export function expectationOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return typeNames[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_format' && issue.format === 'url') return 'a URL';
  return issue.message.replace(/^(?:Invalid (?:input|string): |Too (?:big|small): )?(?:expected )?/i, '');
}

/** The issues with those of unions taken apart: of a union's alternatives, the one that was nearly met. */
export function leavesOf(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
    const alternatives = issue.errors.map((alternative) => leavesOf(alternative));
    const nearly = alternatives.reduce((best, other) => (depthOf(other) > depthOf(best) ? other : best));
    return nearly.map((leaf) => ({ ...leaf, path: [...issue.path, ...leaf.path] }));
  });
}

/** How far into the value an alternative got before it was refused. */
function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}
