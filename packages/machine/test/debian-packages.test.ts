import { describe, expect, it } from 'vitest';
import { chooseMirror, packageSets, programs } from '../src/debian-packages.ts';

describe('the set of packages', () => {
  const all: string[] = Object.values(packageSets).flat();

  it.each(Object.entries(programs))('brings %s', (_, name) => expect(all).toContain(name));

  it('names each package once', () => expect(new Set(all).size).toBe(all.length));
});

describe('the mirror', () => {
  const debian = { uri: 'http://mirror.test/debian/', release: 'bookworm', component: 'main' };
  const stranger = { uri: 'https://vendor.test/apt', release: 'bookworm', component: 'main' };

  it('is the one that the host uses', () => expect(chooseMirror([debian], 'bookworm')).toBe('http://mirror.test/debian'));

  it("is not a vendor's, where both call themselves main", () =>
    expect(chooseMirror([stranger, debian], 'bookworm')).toBe('http://mirror.test/debian'));

  it('may have another path', () => expect(chooseMirror([stranger], 'bookworm')).toBe('https://vendor.test/apt'));

  it.each([
    ['another release', { ...debian, release: 'bookworm-updates' }],
    ['another component', { ...debian, component: 'contrib' }],
  ])('is not %s', (_, source) => expect(chooseMirror([source], 'bookworm')).toBeUndefined());
});
