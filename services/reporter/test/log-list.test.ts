import { describe, expect, it } from 'vitest';
import { logList, partsShown } from '../src/web/log-list.ts';

describe('the lines of a log that a page shows', () => {
  it.each<[what: string, count: number, cause: number | undefined, parts: ReturnType<typeof partsShown>]>([
    ['are none of none', 0, undefined, []],
    ['are all of a few', 80, undefined, [[0, 80]]],
    ['are the last of many', 1000, undefined, [[920, 1000]]],
    [
      'are also those around the cause',
      1000,
      500,
      [
        [490, 521],
        [920, 1000],
      ],
    ],
    ['are one part where the two meet', 1000, 900, [[890, 1000]]],
    [
      'begin with the first line',
      1000,
      3,
      [
        [0, 24],
        [920, 1000],
      ],
    ],
    ['are the last where the cause is among them', 1000, 950, [[920, 1000]]],
  ])('%s', (_, count, cause, parts) => {
    expect(partsShown(count, cause)).toEqual(parts);
  });

  const line = (text: string, index = 0) => ({ id: `${index}-0`, attempt: 1, from: 'install', text });

  it('keep their numbers, say how many are left out, and are small whatever was said', async () => {
    const all = Array.from({ length: 20_000 }, (_, index) => line(index === 500 ? 'the cause' : '<'.repeat(8_000), index));
    const text = String(await logList({ id: '8f3a2c' }, all, false, 500));
    expect(text).toContain('<li class="gap">490 lines not shown here:');
    expect(text).toMatch(/id="L501">.*<span id="cause">the cause<\/span>/);
    expect(text).toContain('id="L20000"');
    expect(text.length).toBeLessThan(160_000);
    expect(text).not.toContain('<<');
  });

  it('tell its script where to go on', async () => {
    const text = String(await logList({ id: '8f3a2c' }, [line('a', 7)], true, undefined));
    expect(text).toContain('data-live="/runs/8f3a2c/log" data-after="7-0" data-lines="1"');
    expect(String(await logList({ id: '8f3a2c' }, [], true, undefined))).toContain('data-after="0" data-lines="0"');
  });
});
