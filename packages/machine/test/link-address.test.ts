import { describe, expect, it } from 'vitest';
import { freeLinks, LINKS, linkAddresses } from '../src/link-address.ts';

describe('the addresses of a link', () => {
  it.each([
    ['the first', 0, { host: '10.213.0.1', engine: '10.213.0.2' }],
    ['one in the second hundred', 64, { host: '10.213.1.1', engine: '10.213.1.2' }],
    ['the last', LINKS - 1, { host: '10.213.255.253', engine: '10.213.255.254' }],
  ])('are two of a /30 for %s', (_, number, expected) => expect(linkAddresses(number)).toEqual(expected));
});

describe('the choice of a link', () => {
  it('starts at the wanted number and comes round to those before it', () => {
    const numbers = freeLinks([], LINKS - 1);
    expect([numbers[0], numbers[1], numbers.length]).toEqual([LINKS - 1, 0, LINKS]);
  });

  it.each([
    ["another machine's link", '10.213.0.1/30', 1],
    ['a wider network of the host', '10.213.0.77/24', 64],
    ['a single address', '10.213.0.3/32', 1],
  ])('leaves out %s', (_, network, first) => expect(freeLinks([network], 0)[0]).toBe(first));

  it.each(['192.168.1.5/24', '127.0.0.1/8', '10.212.0.1/16'])('is not narrowed by %s', (network) =>
    expect(freeLinks([network], 0)).toHaveLength(LINKS),
  );

  it('has nothing left where the host uses the whole range', () => expect(freeLinks(['10.0.0.1/8'], 0)).toEqual([]));
});
