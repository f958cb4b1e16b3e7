import { describe, expect, it } from 'vitest';
import { commitAtComment, type Timeline } from '../src/moment.ts';

const shaOf = (letter: string): string => letter.repeat(40);
const [A, B, C] = [shaOf('a'), shaOf('b'), shaOf('c')];
const [member, outsider] = [1, 2];
const comment = { id: 50, author: { id: member } };

const push = (id: number, pusher: number, after: string) => ({ id, pusher: { id: pusher }, after });
const opened = push(10, outsider, A);
const meant = (present: string, pushes: Timeline['pushes'], gaps: number[] = []) =>
  commitAtComment(comment, present, { pushes, gaps });

const head = (commit: string) => ({ kind: 'commit', commit, chosen: 'head-at-comment' });
const own = (commit: string) => ({ kind: 'commit', commit, chosen: 'own-push-after-comment' });
const moved = { kind: 'moved' };
const unexplained = { kind: 'unexplained' };

describe('the commit that a comment meant', () => {
  it.each([
    ['nothing was pushed since it was opened', A, [opened]],
    ['the last push came before the comment', B, [opened, push(20, outsider, B)]],
    ['a force push to an older commit came before the comment', A, [opened, push(20, outsider, B), push(30, outsider, A)]],
    ['the target branch was changed before the comment, which leaves one push entry', A, [push(40, member, A)]],
    ['the forge lists the pushes in another order', B, [push(20, outsider, B), opened]],
  ])('is the head when %s', (_, present, pushes) => {
    expect(meant(present, pushes)).toEqual(head(present));
  });

  it('is the head when the pull request was closed and opened again before the comment, without a push meanwhile', () => {
    expect(meant(A, [opened], [30])).toEqual(head(A));
  });

  it.each([
    ['once', B, [opened, push(51, member, B)]],
    ['twice', C, [opened, push(51, member, B), push(60, member, C)]],
    ['by force', B, [opened, push(20, outsider, A), push(51, member, B)]],
    ['right before it, and the forge wrote that down after it', B, [opened, push(51, member, B)]],
  ])('is the new head when its own writer pushed %s', (_, present, pushes) => {
    expect(meant(present, pushes)).toEqual(own(present));
  });

  it.each([
    ['somebody else pushed after it (case 13)', B, [opened, push(51, outsider, B)]],
    ['somebody else forced the head away and back again (case 21)', A, [opened, push(51, outsider, B), push(52, outsider, A)]],
    ['its writer pushed on top of what somebody else pushed after it', C, [opened, push(51, outsider, B), push(52, member, C)]],
    ['somebody else pushed on top of what its writer pushed', C, [opened, push(51, member, B), push(52, outsider, C)]],
    ['a deleted account pushed after it', B, [opened, push(51, -1, B)]],
    ['somebody else changed the target branch after it', A, [push(51, outsider, A)]],
    ['somebody else pushed after it and the head is older than that', A, [opened, push(51, outsider, B)]],
  ])('has moved away when %s', (_, present, pushes) => {
    expect(meant(present, pushes)).toEqual(moved);
  });

  it.each([
    ['no push is known', A, []],
    ['the last push has not been written down yet', B, [opened]],
    ['the head was pushed while the pull request was closed', B, [opened, push(20, outsider, C)]],
    ['its own writer pushed, and the head is not that push', C, [opened, push(51, member, B)]],
  ])('cannot be told when %s', (_, present, pushes) => {
    expect(meant(present, pushes)).toEqual(unexplained);
  });

  it('cannot be told when the pull request was closed after it: what is pushed then is not written down', () => {
    expect(meant(A, [opened], [55])).toEqual(unexplained);
  });

  it('cannot be told when its own writer changed the target branch after it: what others pushed before that is not written down any more', () => {
    expect(meant(B, [push(56, member, B)], [55])).toEqual(unexplained);
  });
});
