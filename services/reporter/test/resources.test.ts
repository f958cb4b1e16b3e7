import type { Earlier, Resources } from '@cc-ci/shared/contract/run';
import { describe, expect, it } from 'vitest';
import { grownSentence } from '../src/render/resources.ts';
import { resultText } from '../src/render/result.ts';
import { ended, PUBLIC_URL, START } from './samples.ts';

const MB = 1_000_000;
const was: Resources = { memoryBytes: 300 * MB, imageBytes: 600 * MB, startMs: 30_000 };
const onMain = (resources: Resources | null) => {
  const last: Earlier = {
    run: '1a2b3c',
    commit: 'b'.repeat(40),
    verdict: 'passed',
    level: 5,
    failedAt: null,
    states: {},
    resources,
    endedAt: START,
  };
  return { branch: { name: 'main', last }, otherwise: null };
};
const said = (change: Partial<Resources>, before: Resources | null = was) =>
  grownSentence({ resources: { ...was, ...change }, before: onMain(before) });

describe('what an app takes beside its branch', () => {
  it.each<[what: string, sentence: string | undefined, expected: string | undefined]>([
    ['is no word worth where it is the same', said({}), undefined],
    ['is no word worth below a fifth', said({ memoryBytes: 350 * MB }), undefined],
    ['is no word worth where it is little', said({ memoryBytes: 12 * MB }, { ...was, memoryBytes: 4 * MB }), undefined],
    ['is no word worth where it is less', said({ memoryBytes: 100 * MB }), undefined],
    ['is not known where the branch was not measured', said({}, null), undefined],
    ['is not known of memory that nobody counts', said({ memoryBytes: null }), undefined],
    ['is said of memory', said({ memoryBytes: 412 * MB }), 'It takes more than on main: 412 MB of memory (300 MB).'],
    [
      'is said of all that grew',
      said({ memoryBytes: 412 * MB, imageBytes: 900 * MB, startMs: 48_000 }),
      'It takes more than on main: 412 MB of memory (300 MB), 900 MB of images (600 MB) and 48 s to start (30 s).',
    ],
  ])('%s', (_, sentence, expected) => {
    expect(sentence).toBe(expected);
  });

  it('stands in the comment of a run that passed', () => {
    const run = ended('passed', { level: 5, resources: { ...was, startMs: 90_000 }, before: onMain(was) });
    const text = resultText({ run, publicUrl: PUBLIC_URL, triggerWord: '!testme', reproCommand: null });
    expect(text).toContain('\nIt takes more than on main: 1 min 30 s to start (30 s).\n');
  });
});
