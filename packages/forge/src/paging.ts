/** One page of a list, with the server's count of all rows where it can be trusted. */
export interface Page<T> {
  items: T[];
  total?: number | undefined;
}

/** The usual cap of Gitea; a server with a lower one answers shorter pages, silently. */
export const PAGE_SIZE = 50;

/**
 * Reads a list to its end, without doubles. A short page is not the last one: servers clamp the size and hide rows after counting.
 * With a total it stops when all rows were seen or asked for; without, at a page that is empty or, from a server that ignores
 * `page`, brings nothing new.
 */
export async function allPages<T>(ask: (page: number) => Promise<Page<T>>, keyOf: (item: T) => string | number): Promise<T[]> {
  const seen = new Map<string | number, T>();
  for (let page = 1; ; page += 1) {
    const before = seen.size;
    const { items, total } = await ask(page);
    for (const item of items) seen.set(keyOf(item), item);
    const nothingNew = seen.size === before;
    if (total !== undefined && seen.size >= total) break;
    if (nothingNew && page * PAGE_SIZE >= (total ?? 0)) break;
  }
  return [...seen.values()];
}
