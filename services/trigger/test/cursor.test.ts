import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askFrom, type Cursor, firstCursor, readUpTo, tooOld } from '../src/cursor.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const noon = Date.parse('2026-03-01T12:00:00Z');
const oldestMs = 24 * HOUR;

describe('the first poll of an owner', () => {
  const asked = askFrom(undefined, noon, oldestMs);
  const cursor = firstCursor(asked, new Date(noon));

  it('looks back as far as a comment could count, so that older ones are known', () => {
    expect(asked).toEqual(new Date(noon - oldestMs));
  });

  it.each([
    ['a second before it', -SECOND, 'it was written before cc-ci watched this repository'],
    ['in the same second', 0, undefined],
    ['after it', SECOND, undefined],
  ])('treats a comment written %s as it should', (_, offset, why) => {
    expect(tooOld({ updatedAt: new Date(noon + offset) }, cursor, new Date(noon), oldestMs)).toBe(why);
  });

  it('asks from the same place again when it broke off, and still knows what is new', () => {
    const later = noon + HOUR;
    expect(askFrom(cursor, later, oldestMs).getTime()).toBeLessThanOrEqual(asked.getTime());
    expect(tooOld({ updatedAt: new Date(noon + MINUTE) }, cursor, new Date(later), oldestMs)).toBeUndefined();
  });
});

describe('a later poll', () => {
  const cursor: Cursor = { v: 1, since: noon, begun: noon - 48 * HOUR };

  it('reaches back behind the one before', () => {
    expect(askFrom(cursor, noon + MINUTE, oldestMs)).toEqual(new Date(noon - 2 * MINUTE));
  });

  it.each([
    ['forwards', MINUTE],
    ['backwards', -HOUR],
  ])('follows the clock of the forge %s', (_, step) => {
    expect(readUpTo(cursor, new Date(noon + step))).toEqual({ ...cursor, since: noon + step });
  });

  it.each([
    ['as old as allowed', oldestMs, undefined],
    ['older than that', oldestMs + SECOND, 'it was too old when it was first seen'],
  ])('treats a comment that is %s as it should', (_, age, why) => {
    expect(tooOld({ updatedAt: new Date(noon - age) }, cursor, new Date(noon), oldestMs)).toBe(why);
  });
});

describe('no comment falls between two polls', () => {
  interface Written {
    readonly atMs: number;
    /** The forge shows a comment a moment after the time that it gives it. */
    readonly hiddenForMs: number;
  }
  interface Polled {
    readonly atMs: number;
    readonly fails: boolean;
  }
  const LAST_MS = 20 * MINUTE;
  const OVERLAP_MS = 2 * MINUTE;
  const time = fc.integer({ min: 0, max: LAST_MS });
  const comments = fc.array(fc.record({ atMs: time, hiddenForMs: fc.integer({ min: 0, max: OVERLAP_MS - SECOND }) }), {
    minLength: 1,
  });
  const polls = fc.array(fc.record({ atMs: time, fails: fc.boolean() }), { maxLength: 40 });

  /** The forge's clock counts whole seconds. */
  const onItsClock = (ms: number): number => Math.floor((noon + ms) / SECOND) * SECOND;

  /** The comments that these polls read, in order. */
  function readBy(all: readonly Polled[], written: readonly Written[]): Set<Written> {
    const read = new Set<Written>();
    let cursor: Cursor = { v: 1, since: noon, begun: noon };
    for (const { atMs } of all.filter((poll) => !poll.fails)) {
      const since = askFrom(cursor, noon + atMs, oldestMs).getTime();
      const found = written.filter((each) => each.atMs + each.hiddenForMs <= atMs && onItsClock(each.atMs) >= since);
      for (const each of found) read.add(each);
      cursor = readUpTo(cursor, new Date(onItsClock(atMs)));
    }
    return read;
  }

  it('whatever the order within a second, however long the forge hides it, whichever polls fail', () => {
    const last = { atMs: LAST_MS + OVERLAP_MS, fails: false };
    fc.assert(
      fc.property(comments, polls, (written, all) => {
        const inOrder = [...all.toSorted((a, b) => a.atMs - b.atMs), last];
        expect(readBy(inOrder, written).size).toBe(written.length);
      }),
    );
  });
});
