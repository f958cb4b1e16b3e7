import { type Marker, replyMarker, runMarker } from '@cc-ci/shared/contract/report';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, type Desired, type Observed, plan, type ReactionName, reactionNames } from '../src/plan.ts';

const progress = runMarker('demo', '8f3a2c', 'progress');
const result = runMarker('demo', '8f3a2c', 'result');
const reply = replyMarker('demo', 404);
const markers = [progress, result, reply];

const desired = (change: Partial<Desired> = {}): Desired => ({
  comments: [],
  absent: [],
  reactions: new Map(),
  statuses: new Map(),
  ...change,
});
const observed = (change: Partial<Observed> = {}): Observed => ({
  comments: [],
  everSeen: new Map(),
  reactions: new Map(),
  statuses: new Map(),
  ...change,
});
const text = (marker: Marker, words = 'words'): string => `${marker}\n${words}`;
const success = {
  state: 'success',
  description: 'Passed: level 2 of 5',
  targetUrl: 'https://ci.example.org/runs/8f3a2c',
} as const;

describe('the plan for a page', () => {
  it('creates a comment that is missing', () => {
    const body = text(progress);
    expect(plan(desired({ comments: [{ marker: progress, body }] }), observed())).toEqual([
      { do: 'create', marker: progress, body },
    ]);
  });

  it('edits one that says something else, and leaves one that says the same', () => {
    const wanted = desired({ comments: [{ marker: progress, body: text(progress, 'new') }] });
    expect(plan(wanted, observed({ comments: [{ id: 1, body: text(progress, 'old') }] }))).toEqual([
      { do: 'edit', id: 1, body: text(progress, 'new') },
    ]);
    expect(plan(wanted, observed({ comments: [{ id: 1, body: `${progress}\r\nnew\r\n` }] }))).toEqual([]);
  });

  it('takes the progress away only after the result is there', () => {
    const body = text(result);
    const actions = plan(
      desired({ comments: [{ marker: result, body }], absent: [progress] }),
      observed({ comments: [{ id: 1, body: text(progress) }] }),
    );
    expect(actions).toEqual([
      { do: 'create', marker: result, body },
      { do: 'delete', id: 1, marker: progress },
    ]);
  });

  it('keeps the first of two that two reporters made at once', () => {
    const wanted = desired({ comments: [{ marker: result, body: text(result) }] });
    const twice = observed({
      comments: [
        { id: 9, body: text(result) },
        { id: 8, body: text(result) },
      ],
    });
    expect(plan(wanted, twice)).toEqual([{ do: 'delete', id: 9, marker: result }]);
  });

  // Case 89: a person deletes our comment.
  it.each([
    [0, 1],
    [1, 1],
    [2, 0],
  ])('of a comment that was seen %i times and is gone makes %i new ones', (seen, made) => {
    const wanted = desired({ comments: [{ marker: result, body: text(result) }] });
    expect(plan(wanted, observed({ everSeen: new Map([[result, seen]]) }))).toHaveLength(made);
  });

  // Case 91: anybody can quote a marker.
  it('does not touch a comment that holds a marker further down (case 91)', () => {
    const quoting = { id: 5, body: `> ${text(result)}` };
    expect(plan(desired({ absent: [result] }), observed({ comments: [quoting] }))).toEqual([]);
  });

  it('adds the reactions that are missing and takes back only those that cc-ci gives', () => {
    const wanted = desired({ reactions: new Map([[404, ['eyes', '+1'] as ReactionName[]]]) });
    expect(plan(wanted, observed({ reactions: new Map([[404, ['eyes', 'confused', 'heart']]]) }))).toEqual([
      { do: 'react', commentId: 404, content: '+1' },
      { do: 'unreact', commentId: 404, content: 'confused' },
    ]);
  });

  it('posts a status only when the newest one differs', () => {
    const wanted = desired({ statuses: new Map([['4be9', success]]) });
    expect(plan(wanted, observed({ statuses: new Map([['4be9', null]]) }))).toEqual([
      { do: 'status', sha: '4be9', status: success },
    ]);
    expect(plan(wanted, observed({ statuses: new Map([['4be9', success]]) }))).toEqual([]);
    expect(plan(wanted, observed({ statuses: new Map([['4be9', { ...success, state: 'pending' }]]) }))).toHaveLength(1);
  });

  it('leaves alone what was not looked at', () => {
    const wanted = desired({ reactions: new Map([[404, ['eyes'] as ReactionName[]]]), statuses: new Map([['4be9', success]]) });
    expect(plan(wanted, observed())).toEqual([]);
  });

  it('is empty once it was carried out, whatever was there', () => {
    fc.assert(
      fc.property(pages, ({ wanted, there }) => {
        const after = plan(wanted, there).reduce(carriedOut, there);
        expect(plan(wanted, after)).toEqual([]);
      }),
    );
  });
});

/** What the page looks like after an action. */
function carriedOut(page: Observed, action: Action): Observed {
  switch (action.do) {
    case 'create': {
      const id = Math.max(0, ...page.comments.map((comment) => comment.id)) + 1;
      const everSeen = new Map([...page.everSeen, [action.marker, (page.everSeen.get(action.marker) ?? 0) + 1] as const]);
      return { ...page, everSeen, comments: [...page.comments, { id, body: action.body }] };
    }
    case 'edit':
      return {
        ...page,
        comments: page.comments.map((comment) => (comment.id === action.id ? { ...comment, body: action.body } : comment)),
      };
    case 'delete':
      return { ...page, comments: page.comments.filter((comment) => comment.id !== action.id) };
    case 'react':
      return withReactions(page, action.commentId, (there) => [...there, action.content]);
    case 'unreact':
      return withReactions(page, action.commentId, (there) => there.filter((content) => content !== action.content));
    case 'status':
      return { ...page, statuses: new Map([...page.statuses, [action.sha, action.status]]) };
  }
}

function withReactions(page: Observed, commentId: number, change: (there: readonly string[]) => string[]): Observed {
  return { ...page, reactions: new Map([...page.reactions, [commentId, change(page.reactions.get(commentId) ?? [])]]) };
}

const words = fc.constantFrom('one', 'two');
const someMarkers = fc.subarray(markers);
const contents = fc.subarray([...reactionNames]);
const shas = fc.constantFrom('4be9', 'a1f0');
const status = fc.record({
  state: fc.constantFrom('pending' as const, 'success' as const),
  description: words,
  targetUrl: fc.constant('https://ci.example.org'),
});

const pages = fc.record({
  wanted: fc
    .record({
      kept: someMarkers,
      said: words,
      reactions: fc.dictionary(fc.constantFrom('404', '405'), contents),
      statuses: fc.array(fc.tuple(shas, status)),
    })
    .map(({ kept, said, reactions, statuses }) =>
      desired({
        comments: kept.map((marker) => ({ marker, body: text(marker, said) })),
        absent: markers.filter((marker) => !kept.includes(marker)),
        reactions: new Map(Object.entries(reactions).map(([id, names]) => [Number(id), names])),
        statuses: new Map(statuses),
      }),
    ),
  there: fc
    .record({
      comments: fc.array(fc.tuple(fc.constantFrom(...markers), words)),
      seen: fc.array(fc.tuple(fc.constantFrom(...markers), fc.nat({ max: 3 }))),
      reactions: fc.array(fc.tuple(fc.constantFrom(404, 405), contents)),
      statuses: fc.array(fc.tuple(shas, fc.option(status))),
    })
    .map(({ comments, seen, reactions, statuses }) =>
      observed({
        comments: comments.map(([marker, said], index) => ({ id: index + 1, body: text(marker, said) })),
        everSeen: new Map(seen),
        reactions: new Map(reactions),
        statuses: new Map(statuses),
      }),
    ),
});
