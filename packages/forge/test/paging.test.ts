import { describe, expect, it } from 'vitest';
import { allPages, PAGE_SIZE, type Page } from '../src/paging.ts';

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Reads pages that were laid out beforehand; what lies beyond is empty. */
async function read(pages: number[][], total?: number) {
  let asked = 0;
  const ask = async (page: number): Promise<Page<number>> => {
    asked = page;
    return { items: pages[page - 1] ?? [], total };
  };
  return { found: await allPages(ask, (item) => item), asked };
}

describe('a list in pages', () => {
  const full = numbers(1, PAGE_SIZE);
  it.each<[string, number[][], number | undefined, { found: number[]; asked: number }]>([
    ['is empty', [[]], 0, { found: [], asked: 1 }],
    ['is read in one page when the total says so', [numbers(1, 3)], 3, { found: numbers(1, 3), asked: 1 }],
    ['ends at an empty page when there is no total', [full, [51]], undefined, { found: numbers(1, 51), asked: 3 }],
    [
      'goes on after a page that a server cut shorter',
      [numbers(1, 10), numbers(11, 20)],
      20,
      { found: numbers(1, 20), asked: 2 },
    ],
    ['goes on after a page of which much is hidden', [[1], numbers(51, 60)], 60, { found: [1, ...numbers(51, 60)], asked: 3 }],
    ['goes on after a page of which all is hidden', [[], numbers(51, 60)], 60, { found: numbers(51, 60), asked: 3 }],
    ['holds once what moved to the next page meanwhile', [full, [50, 51]], 51, { found: numbers(1, 51), asked: 2 }],
    ['ends when a server ignores the page', [full, full, full], undefined, { found: full, asked: 2 }],
    ['ends when a server ignores the page and counts more', [full, full, full], 120, { found: full, asked: 3 }],
  ])('%s', async (_, pages, total, expected) => {
    expect(await read(pages, total)).toEqual(expected);
  });
});
