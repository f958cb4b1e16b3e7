import type { Tier } from '@cc-ci/shared/contract/glossary';
import type { Before, Cause, Earlier } from '@cc-ci/shared/contract/run';
import { describe, expect, it } from 'vitest';
import { comparedLevel, comparedSentences } from '../src/render/before.ts';
import { resultText } from '../src/render/result.ts';
import { ended, MINUTE, PUBLIC_URL, START } from './samples.ts';

const cause = (tier: Tier | null): Cause => ({ fault: 'app', tier, sentence: 'It broke.', evidence: [], remedy: null });
const green: Earlier = {
  run: '1a2b3c',
  commit: 'b'.repeat(40),
  verdict: 'passed',
  level: 5,
  failedAt: null,
  states: { lint: 'pass', install: 'pass', upgrade: 'pass', backup: 'skip' },
  resources: null,
  endedAt: START - 11 * 60 * MINUTE,
};
const red: Earlier = {
  ...green,
  verdict: 'failed',
  level: 1,
  failedAt: 'upgrade',
  states: { install: 'pass', upgrade: 'fail', backup: 'unver' },
};
const onMain = (last: Earlier): Before => ({ branch: { name: 'main', last }, otherwise: null });
const WHEN = 'on 2026-03-01 03:00 UTC ([run `1a2b3c`](https://ci.example.org/runs/1a2b3c))';

describe('what a comment says of earlier runs', () => {
  const failedAt = (tier: Tier | null, before: Before) =>
    comparedSentences({ run: ended('failed', { cause: cause(tier), before }), publicUrl: PUBLIC_URL });
  const passed = (before: Before) => comparedSentences({ run: ended('passed', { before }), publicUrl: PUBLIC_URL });

  it.each<[what: string, said: string | undefined, expected: string | undefined]>([
    [
      'blames the pull request for what its branch passed',
      failedAt('upgrade', onMain(green)),
      `The branch main passed this step ${WHEN}, so it comes with this pull request.`,
    ],
    [
      'does not blame it for what was red before',
      failedAt('upgrade', onMain(red)),
      `The branch main failed here as well ${WHEN}: it was red before this pull request.`,
    ],
    [
      'does not compare what the branch did not come to',
      failedAt('backup', onMain(red)),
      `The branch main failed at upgrade ${WHEN}, and says nothing of this step.`,
    ],
    ['has no word for a step that the branch skipped', failedAt('backup', onMain(green)), undefined],
    [
      'blames the pull request for files that cannot be read',
      failedAt(null, onMain(red)),
      `The branch main got past this ${WHEN}, so it comes with this pull request.`,
    ],
    [
      'calls a commit flaky that passed the step before',
      failedAt('upgrade', { ...onMain(green), otherwise: green }),
      `Flaky: the same commit passed this step ${WHEN}.`,
    ],
    [
      'calls a commit flaky that failed before',
      passed({ branch: null, otherwise: red }),
      `Flaky: the same commit failed at upgrade ${WHEN}.`,
    ],
    ['praises what mends a red branch', passed(onMain(red)), `The branch main failed at upgrade ${WHEN}; this commit does not.`],
    ['has no word where both are green', passed(onMain(green)), undefined],
    ['has no word where nothing is known', passed({ branch: null, otherwise: null }), undefined],
  ])('%s', (_, said, expected) => {
    expect(said).toBe(expected);
  });

  it('lets no name of a branch be a command', () => {
    const before: Before = { branch: { name: '!testme', last: green }, otherwise: null };
    expect(failedAt('upgrade', before)).toMatch(/^The branch `!testme` passed/);
  });
});

describe('the level beside that of the branch', () => {
  it.each<[level: number | null, before: Before | null, expected: string | undefined]>([
    [4, null, 'Level 4 of 5'],
    [4, onMain(green), 'Level 4 of 5 (main: 5)'],
    [5, onMain(green), 'Level 5 of 5, as on main'],
    [4, onMain({ ...green, level: null }), 'Level 4 of 5'],
    [null, onMain(green), undefined],
  ])('%s', (level, before, expected) => {
    expect(comparedLevel({ level, before })).toBe(expected);
  });

  it('stands in the comment, with what it is compared with', () => {
    const run = ended('failed', { level: 1, cause: cause('upgrade'), before: onMain(green) });
    const text = resultText({ run, publicUrl: PUBLIC_URL, triggerWord: '!testme', reproCommand: null });
    expect(text.split('\n')[1]).toBe(`The branch main passed this step ${WHEN}, so it comes with this pull request.`);
    expect(text).toContain('Level 1 of 5 (main: 5).');
  });
});
