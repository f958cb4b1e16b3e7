import { describe, expect, it } from 'vitest';
import { RunId } from '../../src/contract/ids.ts';
import { nameOf, runIdOf } from '../../src/runs/new-run.ts';
import { request } from './example-run.ts';

describe('a run id', () => {
  it('is the same for the same comment, whatever else the request says', () => {
    expect(runIdOf('one', { ...request, origin: { kind: 'comment', commentId: 404, at: 9_999 } })).toBe(runIdOf('one', request));
  });

  it.each([
    ['another comment', runIdOf('one', { ...request, origin: { kind: 'comment', commentId: 405, at: 1_000 } })],
    ['another repository', runIdOf('one', { ...request, repo: { ...request.repo, id: 4 } })],
    ['another instance', runIdOf('two', request)],
    ['a clash', runIdOf('one', request, 1)],
  ])('differs for %s', (_, other) => {
    expect(RunId.parse(other)).not.toBe(runIdOf('one', request));
  });
});

describe('a stack name', () => {
  it.each([
    ['hedgedoc', /^hedg-[0-9a-f]{6}$/],
    ['custom-html', /^cust-[0-9a-f]{6}$/],
    ['n8n', /^n8n-[0-9a-f]{6}$/],
    ['13ft', /^r13f-[0-9a-f]{6}$/],
    ['!', /^r-[0-9a-f]{6}$/],
  ])('of %s can be a host name and a Swarm name', (recipe, shape) => {
    expect(nameOf('one', '8f3a2c', 1, recipe)).toMatch(shape);
  });

  it('differs for each attempt, so that what a lost one still creates is never taken for the new one', () => {
    expect(nameOf('one', '8f3a2c', 2, 'hedgedoc')).not.toBe(nameOf('one', '8f3a2c', 1, 'hedgedoc'));
  });
});
