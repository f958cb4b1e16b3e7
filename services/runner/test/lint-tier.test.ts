import type { LintFinding } from '@cc-ci/recipes/lint/finding';
import { describe, expect, it } from 'vitest';
import { lint } from '../src/tiers/lint.ts';
import { context, deployment } from './tier-stand.ts';

const finding = (severity: LintFinding['severity'], problem: string): LintFinding => ({
  rule: 'R011',
  severity,
  file: 'compose.smtp.yml',
  line: 4,
  problem,
  remedy: 'give `sidekiq` an image',
});
const of = (lintCommit: () => Promise<readonly LintFinding[]>, said: string[] = []) =>
  lint(context(deployment(), { lintCommit, say: (sentence) => void said.push(sentence) }));

describe('the lint step', () => {
  it.each([
    ['passes a recipe in order', [], 'pass', null, null],
    ['passes one with warnings', ['warning', 'warning'], 'pass', null, '2 warnings'],
    ['is red for an error, and says the first', ['error', 'warning'], 'fail', 'problem 1', '1 error, 1 warning'],
  ] as const)('%s', async (_, severities, state, reason, note) => {
    const findings = severities.map((severity, index) => finding(severity, `problem ${index + 1}`));
    expect(await of(async () => findings)).toEqual({ state, reason, note, findings, standing: undefined });
  });

  it('writes each finding into the log', async () => {
    const said: string[] = [];
    await of(async () => [finding('error', '`sidekiq` has no image')], said);
    expect(said).toEqual(['Error R011: `compose.smtp.yml` line 4: `sidekiq` has no image. Next: give `sidekiq` an image.']);
  });

  it('never passes, and never ends the run, when it breaks off', async () => {
    const said: string[] = [];
    const broken = () => Promise.reject(new Error('the disk is gone'));
    expect(await of(broken, said)).toMatchObject({ state: 'unver', reason: expect.stringContaining('broke off') });
    expect(said).toEqual(['Lint broke off: the disk is gone.']);
  });
});
