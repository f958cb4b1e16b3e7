import type { Cause } from '@cc-ci/shared/contract/run';
import { describe, expect, it } from 'vitest';
import { badgeOf, badgeSvg } from '../src/web/badge.ts';
import { publishedRun } from '../src/web/published.ts';
import { ended, request } from './samples.ts';

describe('what a badge says', () => {
  const cause: Cause = { fault: 'app', tier: 'upgrade', sentence: 's.', evidence: [], remedy: null };

  it.each([
    ['of a recipe that is not tested', undefined, 'not tested yet', 'unknown'],
    ['of one that passed', ended('passed', { level: 5 }), 'level 5 of 5', 'passed'],
    ['of one that passed with a gap', ended('passed', { level: 4, amber: true }), 'level 4 of 5', 'amber'],
    ['of one that failed', ended('failed', { level: 1, cause }), 'failed at upgrade, level 1 of 5', 'failed'],
  ] as const)('%s', (_, run, words, colour) => {
    expect(badgeOf(run)).toEqual({ words, colour });
  });

  it('is a sentence for a screen reader, in which nothing of a stranger is markup', async () => {
    const svg = String(await badgeSvg({ words: 'level 5 of 5', colour: 'passed' }, '<script>"'));
    expect(svg).toContain('<title>cc-ci, &lt;script&gt;&quot;: level 5 of 5</title>');
    expect(svg).not.toContain('<script');
  });
});

describe('the run that a recipe is known by', () => {
  const ofMain = { request: request({ pull: null, branch: 'main' }) };
  const flags = { quick: false, extraTests: false, stages: ['install' as const] };
  const main = ended('passed', { id: 'aaaaa1', ...ofMain });

  it.each([
    ['is not that of a pull request', ended('passed', { id: 'bbbbbb' })],
    ['is not that of another branch', ended('passed', { id: 'bbbbbb', request: request({ pull: null, branch: 'next' }) })],
    ['is not a part of one', ended('passed', { id: 'bbbbbb', request: request({ pull: null, branch: 'main', flags }) })],
    ['is not one with stand-in images', ended('passed', { id: 'bbbbbb', ...ofMain, standIns: true })],
    ['is not one that we could not finish', ended('errored', { id: 'bbbbbb', ...ofMain })],
  ])('%s', (_, newer) => {
    expect(publishedRun([newer, main], { defaultBranch: 'main' })?.id).toBe('aaaaa1');
  });

  it('is the last one', () => {
    expect(publishedRun([ended('failed', { id: 'aaaaa2', ...ofMain }), main], { defaultBranch: 'main' })?.id).toBe('aaaaa2');
  });
});
