import { commitIn } from '@cc-ci/cli/local/resolve';
import { endingLines, showRun, stepLine } from '@cc-ci/cli/local/run-view';
import { readTarget, TargetUnclear } from '@cc-ci/cli/local/target';
import type { RunRecord, Step } from '@cc-ci/shared/contract/run';
import { newRun } from '@cc-ci/shared/runs/new-run';
import { describe, expect, it } from 'vitest';

const forge = { url: 'https://git.example.org/', owner: 'coop' };
const sha = (digit: string): string => digit.repeat(40);

describe('what ccci run is asked to test', () => {
  it.each([
    ['./hedgedoc', { kind: 'folder', folder: './hedgedoc' }],
    ['/srv/hedgedoc', { kind: 'folder', folder: '/srv/hedgedoc' }],
    ['..', { kind: 'folder', folder: '..' }],
    ['hedgedoc', { kind: 'repository', url: 'https://git.example.org/coop/hedgedoc.git', recipe: 'hedgedoc', wanted: undefined }],
    [
      'hedgedoc@4be91c07',
      { kind: 'repository', url: 'https://git.example.org/coop/hedgedoc.git', recipe: 'hedgedoc', wanted: '4be91c07' },
    ],
    [
      'https://git.example.org/ann/ghost.git@fix/login',
      { kind: 'repository', url: 'https://git.example.org/ann/ghost.git', recipe: 'ghost', wanted: 'fix/login' },
    ],
  ])('%s', (text, expected) => {
    expect(readTarget(text, forge)).toEqual(expected);
  });

  it.each(['', '@main', '--upload-pack=x', 'a b', 'ssh://git.example.org/x'])('is unclear of %j', (text) => {
    expect(() => readTarget(text, forge)).toThrow(TargetUnclear);
  });
});

describe('the commit that is meant', () => {
  const listing = [
    `${sha('a')}\tHEAD`,
    `${sha('a')}\trefs/heads/main`,
    `${sha('b')}\trefs/pull/7/head`,
    `${sha('c')}\trefs/tags/1.0.0+1`,
    `${sha('d')}\trefs/tags/1.0.0+1^{}`,
    `${'b'.repeat(39)}0\trefs/heads/twin`,
  ].join('\n');

  it.each<[wanted: string | undefined, commit: string | undefined]>([
    [undefined, sha('a')],
    ['main', sha('a')],
    ['1.0.0+1', sha('d')],
    ['refs/pull/7/head', sha('b')],
    ['aaaaaaaa', sha('a')],
    ['bbbbbbbb', undefined],
    ['eeeeeeee', undefined],
    ['next', undefined],
  ])('for %s is %s', (wanted, commit) => {
    expect(commitIn(listing, wanted)).toBe(commit);
  });
});

const step = (change: Partial<Step>): Step => ({
  tier: 'upgrade',
  state: 'pass',
  startedAt: 1_000,
  endedAt: 53_000,
  reason: null,
  intended: false,
  note: null,
  findings: [],
  tests: [],
  ...change,
});

describe('a step at the terminal', () => {
  it.each<[Partial<Step>, string | undefined]>([
    [{ note: 'from `1.0.0`' }, '✔ upgrade 52 s: from `1.0.0`'],
    [{ state: 'fail', reason: '1 of 2 is red', note: '1 of 2' }, '✘ upgrade 52 s: 1 of 2 is red'],
    [{ state: 'skip', startedAt: null, endedAt: null, reason: 'not asked for' }, '– upgrade: not asked for'],
    [{ state: 'running', endedAt: null }, undefined],
    [{ state: 'pending', startedAt: null, endedAt: null }, undefined],
  ])('%j', (change, line) => {
    expect(stepLine(step(change))).toBe(line);
  });
});

const request: RunRecord['request'] = {
  origin: { kind: 'api', key: 'k' },
  repo: { id: 1, owner: 'local', name: 'notes' },
  cloneUrl: 'file:///x',
  recipe: 'notes',
  pull: null,
  commit: sha('a'),
  chosen: 'named',
  flags: { quick: false, extraTests: false, stages: null },
  by: null,
};
const queued = newRun('local', 'aaaaaa', request, 0);
const attempt = (lostTo: string | null): RunRecord['attempts'][number] => ({
  number: 1,
  runner: 'r',
  host: 'local',
  stack: 's',
  domain: 'd',
  startedAt: 0,
  endedAt: null,
  lostTo,
  cleanup: { state: 'pending' },
});

describe('the course of a run at the terminal', () => {
  const told = (...runs: Partial<RunRecord>[]): string[] => {
    const said: string[] = [];
    const see = showRun((text) => said.push(text), false);
    for (const run of runs) see({ ...queued, ...run }, []);
    return said;
  };
  const doing = (what: string): RunRecord['doing'] => ({ what, since: 0, until: null });

  it('is each step once, in their order, and what it waits for when that changes', () => {
    const install = step({ tier: 'install', state: 'running', endedAt: null });
    const left = step({ tier: 'extra', state: 'skip', startedAt: null, endedAt: null, reason: 'not asked for' });
    expect(
      told(
        { steps: [install, left], doing: doing('pulling 2 images') },
        { steps: [install, left], doing: doing('pulling 2 images') },
        { steps: [step({ tier: 'install' }), left], doing: null },
      ),
    ).toEqual(['  pulling 2 images', '✔ install 52 s', '– extra: not asked for']);
  });

  it('says why it begins anew', () => {
    const steps = [step({ tier: 'lint' })];
    expect(
      told({ attempts: [attempt(null)], steps }, { attempts: [attempt('the forge was away'), attempt(null)], steps }),
    ).toEqual(['✔ lint 52 s', 'Attempt 2, since the forge was away.', '✔ lint 52 s']);
  });
});

describe('the end at the terminal', () => {
  const ended = (change: Partial<RunRecord>): RunRecord => ({
    ...queued,
    state: 'ended',
    endedAt: 60_000,
    ...change,
  });

  it('is the verdict, why, on what it rests, and what to do', () => {
    const cause: RunRecord['cause'] = {
      fault: 'app',
      tier: 'custom',
      sentence: '1 of 2 tests is red.',
      evidence: [{ source: 'test_login', text: 'no \u001b[31mform\u0007' }],
      remedy: 'Mend it.',
    };
    const steps = [step({ tier: 'custom', state: 'fail', tests: [{ name: 'test_login', state: 'fail', said: 'no form' }] })];
    expect(endingLines(ended({ verdict: 'failed', level: 3, cause, steps }), 'aaaaaaaa+U')).toEqual([
      '✘ Failed at custom: aaaaaaaa+U of notes, level 3 of 5.',
      '1 of 2 tests is red.',
      '  test_login: no form ',
      '  ✘ test_login',
      'Next: Mend it.',
    ]);
  });

  it('does not blame the recipe for our own trouble', () => {
    const cause: RunRecord['cause'] = { fault: 'ours', tier: null, sentence: 'The disk is full.', evidence: [], remedy: 'Wait.' };
    expect(endingLines(ended({ verdict: 'errored', cause }), 'aaaaaaaa')).toEqual([
      '⊘ No verdict, the recipe is not the reason: aaaaaaaa of notes.',
      'The disk is full.',
    ]);
  });
});
