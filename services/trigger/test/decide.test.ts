import type { Comment } from '@cc-ci/forge/schema';
import type { IntakeRecord } from '@cc-ci/shared/contract/intake';
import type { RunRecord, RunRequest } from '@cc-ci/shared/contract/run';
import { newRun } from '@cc-ci/shared/runs/new-run';
import { describe, expect, it } from 'vitest';
import { decideRun, type RunFacts, type Surroundings, screen } from '../src/decide.ts';

const MINUTE = 60_000;
const noon = Date.parse('2026-03-01T12:00:00Z');
const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];
const repo = { id: 3, owner: 'coop', name: 'hedgedoc' };
const ana = { id: 5, login: 'ana' };

const comment = (over: Partial<Comment> = {}): Comment => ({
  id: 50,
  body: '!testme',
  author: ana,
  createdAt: new Date(noon),
  updatedAt: new Date(noon),
  htmlUrl: 'https://git.example.org/coop/hedgedoc/pulls/7#issuecomment-50',
  pullNumber: 7,
  ...over,
});

describe('a comment by itself', () => {
  const around: Surroundings = {
    me: { id: 9, login: 'cc-ci' },
    ignore: ['renovate'],
    enrolled: true,
    word: '!testme',
    earlier: [],
    now: noon,
  };

  it('is a wish for a run of the head', () => {
    expect(screen(comment(), around)).toEqual({
      kind: 'ask',
      comment: comment(),
      pull: 7,
      named: null,
      flags: { quick: false, extraTests: false, stages: null },
    });
  });

  it.each([
    ['it is gone', undefined],
    ['it is our own', comment({ author: { id: 9, login: 'renamed' } })],
    ['it carries our mark', comment({ body: '<!-- cc-ci:reply:x:1 -->\n\n!testme' })],
    ['its author was deleted', comment({ author: { id: -1, login: 'Ghost' } })],
    ['its author is the automation of the forge', comment({ author: { id: -2, login: 'gitea-actions' } })],
    ['its author is a known bot', comment({ author: { id: 6, login: 'Renovate' } })],
    ['it is on a plain issue', comment({ pullNumber: undefined })],
    ['it holds no command any more', comment({ body: 'never mind' })],
    ['it quotes the word', comment({ body: '> !testme' })],
  ])('is ignored when %s, and the reason is kept', (_, asked) => {
    expect(screen(asked, around)).toEqual({ kind: 'ignored', why: expect.stringMatching(/\w/) });
  });

  it('is ignored when its repository is not enrolled, and the reason is kept', () => {
    expect(screen(comment(), { ...around, enrolled: false })).toEqual({ kind: 'ignored', why: 'the repository is not enrolled' });
  });

  it('gets a reaction when it merely speaks of the word', () => {
    expect(screen(comment({ body: 'I ran !testme yesterday.' }), around)).toMatchObject({ kind: 'confused' });
  });

  it.each([
    ['!testme help', { about: 'help' }],
    ['!testme --quick', { about: 'not-yet', what: '!testme --quick' }],
    // case 17: prose behind the word is no argument.
    ['!testme looks good to me', { about: 'mistake', said: '!testme looks good to me', didYouMean: '!testme' }],
    ['!tetsme', { about: 'mistake', said: '!tetsme', didYouMean: '!testme' }],
  ])('gets a reply: %s', (body, reply) => {
    expect(screen(comment({ body }), around)).toMatchObject({ kind: 'reply', reply });
  });

  it.each(['cancel', 'status'] as const)('is about the runs of its pull request: %s', (word) => {
    expect(screen(comment({ body: `!testme ${word}` }), around)).toMatchObject({ kind: word, pull: 7 });
  });

  describe('with a typo, after an earlier comment', () => {
    const typo = { about: 'mistake', said: '!tesme', didYouMean: '!testme', problem: 'I do not know this word.' } as const;
    const earlier = (over: Partial<IntakeRecord>): IntakeRecord => ({
      v: 1,
      repo,
      commentId: 40,
      updatedAt: noon - 10 * MINUTE,
      pull: 7,
      author: 'Ana',
      seenAt: noon - 10 * MINUTE,
      outcome: { kind: 'reply', reply: typo },
      ...over,
    });
    const kindAfter = (record: IntakeRecord) => screen(comment({ body: '!tetsme' }), { ...around, earlier: [record] }).kind;

    it.each([
      ['gets no second reply within the hour', earlier({}), 'confused'],
      ['gets a reply again after an hour', earlier({ seenAt: noon - 60 * MINUTE }), 'reply'],
      ['gets a reply when somebody else had the typo', earlier({ author: 'boris' }), 'reply'],
      [
        'gets a reply when the earlier mistake was another one',
        earlier({ outcome: { kind: 'reply', reply: { ...typo, said: '!testme looks good' } } }),
        'reply',
      ],
      [
        'gets a reply when the earlier reply was help',
        earlier({ outcome: { kind: 'reply', reply: { about: 'help' } } }),
        'reply',
      ],
    ])('%s', (_, record, kind) => {
      expect(kindAfter(record)).toBe(kind);
    });
  });
});

describe('a wish for a run', () => {
  const flags = { quick: false, extraTests: false, stages: null };
  const facts: RunFacts = {
    comment: comment(),
    organisation: 'coop',
    named: null,
    commits: [],
    open: true,
    present: A,
    timeline: { pushes: [{ id: 10, pusher: { id: 5 }, after: A }], gaps: [] },
    standing: { may: true },
    runs: [],
    flags,
    now: noon + 30 * MINUTE,
  };
  const pushedBy = (id: number) => ({
    ...facts.timeline,
    pushes: [...facts.timeline.pushes, { id: 60, pusher: { id }, after: B }],
  });

  it.each([
    ['the head', {}, A, 'head-at-comment'],
    ['its writer’s own later push', { present: B, timeline: pushedBy(5) }, B, 'own-push-after-comment'],
    ['the head, named', { named: A }, A, 'named'],
    ['an older commit of the pull request, named', { named: B, commits: [A, B] }, B, 'named'],
    [
      'a named commit, although the head moved since',
      { named: A, present: B, commits: [B, A], timeline: pushedBy(6) },
      A,
      'named',
    ],
  ])('starts %s', (_, over, commit, chosen) => {
    expect(decideRun({ ...facts, ...over })).toEqual({ kind: 'start', commit, chosen });
  });

  it.each([
    ['the pull request is closed', { open: false }, { about: 'closed' }],
    [
      'its writer is an outsider',
      { standing: { may: false, visibility: 'all' } },
      { about: 'outsider', organisation: 'coop', commit: A, visibility: 'all' },
    ],
    [
      'its writer may be a member that we cannot see',
      { standing: { may: false, visibility: 'public-only' }, named: B },
      { about: 'outsider', organisation: 'coop', commit: A, visibility: 'public-only' },
    ],
    [
      'somebody else pushed after it',
      { present: B, timeline: pushedBy(6) },
      { about: 'head-moved', present: B, why: 'pushed-after-comment' },
    ],
    ['the head is unexplained', { present: B }, { about: 'head-moved', present: B, why: 'unexplained' }],
    ['it names a commit from elsewhere', { named: B, commits: [A] }, { about: 'foreign-commit', named: B, present: A }],
  ] as const)('is answered when %s', (_, over, reply) => {
    expect(decideRun({ ...facts, ...over })).toEqual({ kind: 'reply', reply });
  });

  it.each([
    ['waits right after the comment', noon + 1_000, 'wait'],
    ['does not wait any longer after a while', noon + 20_000, 'reply'],
    ['does not wait for a forge whose clock runs ahead', noon - 1, 'reply'],
  ])('with a head that is unexplained %s', (_, now, kind) => {
    expect(decideRun({ ...facts, present: B, now }).kind).toBe(kind);
  });

  describe('when the pull request has a run', () => {
    const request: RunRequest = {
      origin: { kind: 'comment', commentId: 40, at: noon - 5 * MINUTE },
      repo,
      cloneUrl: 'https://git.example.org/coop/hedgedoc.git',
      recipe: 'hedgedoc',
      pull: { number: 7, url: 'https://git.example.org/coop/hedgedoc/pulls/7', baseRef: 'main' },
      commit: A,
      chosen: 'head-at-comment',
      flags,
      by: 'ana',
    };
    const run = (over: Partial<RunRecord> = {}, asked: Partial<RunRequest> = {}): RunRecord => ({
      ...newRun('test', 'abcdef', { ...request, ...asked }, noon),
      ...over,
    });
    const own = { kind: 'comment', commentId: 50, at: noon } as const;

    it.each([
      ['queued for the same commit: a link', run(), { kind: 'reply', reply: { about: 'already', run: 'abcdef' } }],
      [
        'running for the same commit: a link',
        run({ state: 'running' }),
        { kind: 'reply', reply: { about: 'already', run: 'abcdef' } },
      ],
      ['ended: a new run', run({ state: 'ended' }), { kind: 'start', commit: A, chosen: 'head-at-comment' }],
      [
        'told to stop: a new run',
        run({ wish: { stop: 'cancelled', why: 'asked', by: 'ana', at: noon } }),
        { kind: 'start', commit: A, chosen: 'head-at-comment' },
      ],
      ['for another commit: a new run', run({}, { commit: B }), { kind: 'start', commit: A, chosen: 'head-at-comment' }],
      [
        'with other flags: a new run',
        run({}, { flags: { ...flags, extraTests: true } }),
        { kind: 'start', commit: A, chosen: 'head-at-comment' },
      ],
      [
        'of this very comment, from before a crash: that run',
        run({ state: 'ended' }, { origin: own }),
        { kind: 'run', run: 'abcdef' },
      ],
      [
        'of this comment before it was edited: nothing',
        run({}, { origin: { ...own, at: noon - MINUTE } }),
        { kind: 'ignored', why: 'it had started run abcdef before it was edited' },
      ],
    ])('%s', (_, present, expected) => {
      expect(decideRun({ ...facts, runs: [present] })).toEqual(expected);
    });
  });
});
