import { replyMarker, runMarker } from '@cc-ci/shared/contract/report';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { describe, expect, it } from 'vitest';
import { desired, type Facts } from '../src/desired.ts';
import { COMMIT, ended, intake, PUBLIC_URL, request, run, START, step } from './samples.ts';

const facts = (change: Partial<Facts>): Facts => ({
  instance: 'demo',
  runs: [],
  intakes: [],
  now: START,
  usualOf: () => undefined,
  waitingOf: () => ({ before: [], runnersUp: 1 }),
  publicUrl: PUBLIC_URL,
  triggerWord: '!testme',
  reproCommand: null,
  setsStatuses: true,
  ...change,
});
const asked = (commentId: number): RunRecord['request'] => request({ origin: { kind: 'comment', commentId, at: START } });
const marker = (id: string, part: 'progress' | 'result') => runMarker('demo', id, part);

describe('what a pull request should look like', () => {
  it('has one comment of a run: its progress while it goes on, its result once it ended', () => {
    expect(desired(facts({ runs: [run()] })).comments.map((comment) => comment.marker)).toEqual([marker('8f3a2c', 'progress')]);
    const after = desired(facts({ runs: [ended('passed')] }));
    expect(after.comments.map((comment) => comment.marker)).toEqual([marker('8f3a2c', 'result')]);
    expect(after.absent).toContain(marker('8f3a2c', 'progress'));
  });

  it('folds what a newer run has overtaken', () => {
    const runs = [ended('failed', { id: 'aaaaaa' }), run({ id: 'bbbbbb' })];
    const [older, newer] = desired(facts({ runs })).comments;
    expect(older?.body).toMatch(/A newer run follows below\. \[Run `aaaaaa`\]\(\S+\)$/);
    expect(newer?.body).toMatch(/^<!-- .* -->\n\*\*Queued/);
  });

  it.each([
    ['is seen while it goes on', run(), ['eyes']],
    ['is praised when it passed', ended('passed'), ['eyes', '+1']],
    ['is not praised when it failed', ended('failed'), ['eyes', '-1']],
    ['is not judged for our own trouble', ended('errored'), ['eyes']],
    ['is not judged when it was stopped', ended('cancelled'), ['eyes']],
  ])('shows by reactions that a request %s', (_, record, reactions) => {
    expect(desired(facts({ runs: [record] })).reactions.get(404)).toEqual(reactions);
  });

  it('shows by a reaction that a comment was seen and not acted on', () => {
    const intakes = [intake(405, { kind: 'confused', why: 'in a sentence' })];
    expect(desired(facts({ intakes })).reactions.get(405)).toEqual(['confused']);
  });

  it('answers a comment that did not become a run', () => {
    const intakes = [intake(405, { kind: 'reply', reply: { about: 'closed' } })];
    expect(desired(facts({ intakes })).comments.map((comment) => comment.marker)).toEqual([replyMarker('demo', 405)]);
  });

  it('takes the answer back when the comment was edited into a request', () => {
    const intakes = [
      intake(405, { kind: 'reply', reply: { about: 'closed' } }),
      intake(405, { kind: 'run', run: '8f3a2c' }, { updatedAt: START + 1 }),
    ];
    const page = desired(facts({ intakes, runs: [run({ request: asked(405) })] }));
    expect(page.comments.map((comment) => comment.marker)).toEqual([marker('8f3a2c', 'progress')]);
    expect(page.absent).toContain(replyMarker('demo', 405));
    expect(page.reactions.get(405)).toEqual(['eyes']);
  });

  it('keeps what a request shows when its comment was edited afterwards', () => {
    const intakes = [
      intake(404, { kind: 'run', run: '8f3a2c' }),
      intake(404, { kind: 'confused', why: 'it started a run before' }, { updatedAt: START + 1 }),
    ];
    expect(desired(facts({ intakes, runs: [ended('passed')] })).reactions.get(404)).toEqual(['eyes', '+1']);
  });

  it('answers a comment that became a run by its run alone', () => {
    const intakes = [intake(404, { kind: 'reply', reply: { about: 'closed' } }, { updatedAt: START + 1 })];
    expect(desired(facts({ intakes, runs: [run()] })).comments.map((comment) => comment.marker)).toEqual([
      marker('8f3a2c', 'progress'),
    ]);
  });

  it('says nothing of a comment that was not for us', () => {
    const page = desired(facts({ intakes: [intake(405, { kind: 'ignored', why: 'too old' })] }));
    expect([page.comments, page.reactions.get(405)]).toEqual([[], []]);
  });
});

describe('the status of a commit', () => {
  it.each([
    [run(), 'pending', 'Queued or under test'],
    [ended('passed', { level: 2 }), 'success', 'Passed: level 2 of 5'],
    [ended('passed', { level: 1, amber: true, steps: [step('upgrade', 'skip')] }), 'success', 'Passed, with a gap: level 1 of 5'],
    [
      ended('failed', { cause: { fault: 'app', tier: 'upgrade', sentence: 'x', evidence: [], remedy: null } }),
      'failure',
      'Failed at upgrade',
    ],
    [ended('errored'), 'error', 'No verdict, cc-ci could not finish. The change is not the reason'],
    [ended('cancelled'), 'error', 'Stopped: no verdict'],
  ])('follows its run %#', (record, state, description) => {
    expect(desired(facts({ runs: [record] })).statuses).toEqual(
      new Map([[COMMIT, { state, description, targetUrl: 'https://ci.example.org/runs/8f3a2c' }]]),
    );
  });

  it('follows its newest run', () => {
    const runs = [ended('failed', { id: 'aaaaaa' }), ended('passed', { id: 'bbbbbb' })];
    expect(desired(facts({ runs })).statuses.get(COMMIT)?.state).toBe('success');
  });

  it('is not changed by a run of only some steps, nor by a quick one', () => {
    const flags = { quick: false, extraTests: false, stages: null };
    const runs = [
      ended('passed', { request: request({ flags: { ...flags, quick: true } }) }),
      ended('passed', { request: request({ flags: { ...flags, stages: ['install'] } }) }),
    ];
    expect(desired(facts({ runs })).statuses.size).toBe(0);
  });

  it('is never set where the settings say so', () => {
    expect(desired(facts({ runs: [run()], setsStatuses: false })).statuses.size).toBe(0);
  });
});
