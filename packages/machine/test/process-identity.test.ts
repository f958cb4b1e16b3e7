import { describe, expect, it } from 'vitest';
import { identify, isAlive, ownIdentity } from '../src/process-identity.ts';

describe('the identity of a process', () => {
  const own = ownIdentity();

  it('is that of a living process while it lives', () => expect(isAlive(own)).toBe(true));

  it.each([
    ['the pid was given to another process', { startTicks: '1' }],
    ['the machine was started again', { boot: '00000000-0000-0000-0000-000000000000' }],
    ['nobody has the pid', { pid: 4_194_304 }],
  ])('is that of a dead one when %s', (_, change) => expect(isAlive({ ...own, ...change })).toBe(false));

  it('is not given for a pid that nobody has', () => expect(identify(4_194_304)).toBeUndefined());
});
