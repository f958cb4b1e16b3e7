import type { IntakeRecord, Reply } from '@cc-ci/shared/contract/intake';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { describe, expect, it } from 'vitest';
import { openRequests } from '../src/web/open-requests.ts';
import { COMMIT, request, run } from './samples.ts';

const outsider: Reply = { about: 'outsider', organisation: 'coop', commit: COMMIT, visibility: 'all' };
const comment = (id: number, seenAt: number, change: Partial<IntakeRecord> = {}): IntakeRecord => ({
  v: 1,
  repo: { id: 3, owner: 'coop', name: 'hedgedoc' },
  commentId: id,
  updatedAt: seenAt,
  pull: 7,
  author: 'eve',
  seenAt,
  outcome: { kind: 'reply', reply: outsider },
  ...change,
});
const runAt = (createdAt: number, number = 7): RunRecord =>
  run({
    createdAt,
    request: request({ pull: { number, url: 'https://git.example.org/coop/hedgedoc/pulls/7', baseRef: 'main' } }),
  });
const ids = (...all: Parameters<typeof openRequests>) => openRequests(...all).map(({ intake }) => intake.commentId);

describe('the requests that wait for a member (case 25)', () => {
  it.each<[what: string, comments: IntakeRecord[], runs: RunRecord[], waiting: number[]]>([
    ['are those of outsiders, the longest waiting first', [comment(2, 20, { pull: 8 }), comment(1, 10)], [], [1, 2]],
    ['are one for each pull request: the last', [comment(1, 10), comment(2, 20)], [], [2]],
    ['are not those that a member answered by a run', [comment(1, 10)], [runAt(11)], []],
    ['are again those that were asked for after it', [comment(1, 10), comment(2, 20)], [runAt(11)], [2]],
    ['are not answered by a run of another pull request', [comment(1, 10)], [runAt(11, 8)], [1]],
    [
      'are no comments that were answered otherwise',
      [comment(1, 10, { outcome: { kind: 'reply', reply: { about: 'help' } } })],
      [],
      [],
    ],
    ['are no comments on nothing', [comment(1, 10, { pull: null })], [], []],
  ])('%s', (_, comments, runs, waiting) => {
    expect(ids(comments, runs)).toEqual(waiting);
  });

  it('say which commit was asked for', () => {
    expect(openRequests([comment(1, 10)], [])).toMatchObject([{ commit: COMMIT, intake: { author: 'eve', pull: 7 } }]);
  });
});
