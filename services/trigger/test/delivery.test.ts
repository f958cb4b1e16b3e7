import type { IntakeJob } from '@cc-ci/shared/contract/queues';
import { describe, expect, it } from 'vitest';
import { readDelivery } from '../src/delivery.ts';
import { payload } from './ways.ts';

const job: IntakeJob = {
  v: 1,
  repo: { id: 7, owner: 'coop', name: 'hedgedoc' },
  commentId: 42,
  updatedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
};
const read = (text: string, ...events: string[]) =>
  readDelivery(events.length > 0 ? events : ['issue_comment'], Buffer.from(text), '!testme');

describe('a delivery', () => {
  it.each([
    ['of a new comment', {}],
    ['of an edited one', { action: 'edited' }],
    ['from before forges said what is a pull request', { is_pull: undefined }],
    ['whose pull request the forge could not tell', { pull_request: null }],
  ])('%s names it, and nothing of it is believed', (_, changes) => {
    expect(read(payload(job, '!testme', changes))).toEqual({ kind: 'comment', job });
  });

  it('is known by the name of its event or of what that is made into', () => {
    expect(read(payload(job, '!testme'), 'pull_request_comment')).toMatchObject({ kind: 'comment' });
  });

  it.each([
    ['of another event', () => read('{}', 'push'), 'Only comments are listened to, and this is about push.'],
    ['of a deleted comment', () => read(payload(job, '!testme', { action: 'deleted' })), 'The comment was deleted.'],
    ['about a plain issue', () => read(payload(job, '!testme', { is_pull: false })), 'It is not about a pull request.'],
    [
      'about a plain issue of an old forge',
      () => read(payload(job, '!testme', { is_pull: undefined, issue: {} })),
      'It is not about',
    ],
    ['of a comment for others', () => read(payload(job, 'Thank you!')), 'does not speak to cc-ci'],
    ['of our own comment', () => read(payload(job, '<!-- cc-ci:x -->\n`!testme`')), 'does not speak to cc-ci'],
  ])('%s comes to nothing, and says why', (_, delivery, why) => {
    expect(delivery()).toMatchObject({ kind: 'nothing', why: expect.stringContaining(why) });
  });

  it.each([
    ['that is no JSON', '{'],
    ['without a comment', payload(job, '!testme', { comment: undefined })],
    ['with an id that is none', payload(job, '!testme', { comment: { id: 'x', updated_at: 'y' } })],
    ['of nobody’s repository', payload(job, '!testme', { repository: { id: 7, full_name: 'hedgedoc' } })],
  ])('%s is unreadable', (_, text) => expect(read(text)).toMatchObject({ kind: 'unreadable' }));
});
