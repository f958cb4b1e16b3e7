/** The private range that our links are cut from: rarely used elsewhere, and not Docker's own 10.0.0.0/8 pool start or 172.17.0.0/16. */
const FIRST = [10, 213] as const;
/** A /30 has four addresses: network, host end, engine end, broadcast. */
const ADDRESSES_PER_LINK = 4;
/** How many links the range holds. */
export const LINKS = (256 * 256) / ADDRESSES_PER_LINK;

/** The two ends of the point-to-point link between the host and an engine, both in one /30. */
export interface LinkAddresses {
  readonly host: string;
  readonly engine: string;
}

/** The addresses of link `number`, 0 to {@link LINKS} - 1. */
export function linkAddresses(number: number): LinkAddresses {
  const start = number * ADDRESSES_PER_LINK;
  const at = (offset: number): string => [...FIRST, (start + offset) >> 8, (start + offset) & 255].join('.');
  return { host: at(1), engine: at(2) };
}

/** The numbers of all links, from a random one on, less those that lie in a network that the host already has (CIDR notation). */
export function freeLinks(hostNetworks: readonly string[], first: number): number[] {
  const taken = hostNetworks.map(range);
  return Array.from({ length: LINKS }, (_, index) => (first + index) % LINKS).filter((number) => {
    const from = value(linkAddresses(number).host) - 1;
    return !taken.some((network) => from <= network.to && from + ADDRESSES_PER_LINK - 1 >= network.from);
  });
}

function range(cidr: string): { from: number; to: number } {
  const [address = '', length = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(length));
  const from = Math.floor(value(address) / size) * size;
  return { from, to: from + size - 1 };
}

function value(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
