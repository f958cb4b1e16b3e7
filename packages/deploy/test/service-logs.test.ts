import { knownSecret } from '@cc-ci/shared/service/scrub';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../src/service-logs.ts';

const frame = (text: string, stream = 1) => {
  const body = Buffer.from(text);
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
};

describe('the lines of a log', () => {
  it.each([
    ['come from frames of both streams', Buffer.concat([frame('one\n'), frame('two\n', 2)]), ['one', 'two']],
    ['come whole from several frames', Buffer.concat([frame('be'), frame('gun\n')]), ['begun']],
    ['come raw from a terminal', Buffer.from('one\r\ntwo\r\n'), ['one', 'two']],
    ['come without an end', frame('last words'), ['last words']],
    ['have no colours or other control characters', frame('\u001b[31mred\u001b[0m\u0007\n'), ['red']],
    ['are none when nothing was written', Buffer.alloc(0), []],
    ['keep letters of all languages', frame('größer ✓\n'), ['größer ✓']],
  ])('%s', (_, log, lines) => expect(linesOf(log)).toEqual(lines));

  it('are cut, with a mark, when they are huge (case 57)', () => {
    const [huge, next] = linesOf(frame(`${'x'.repeat(5_000_000)}\nnext\n`));
    expect(huge).toMatch(/^x{2000} … \(4998000 more characters\)$/);
    expect(next).toBe('next');
  });

  it('hold no part of a secret that stands where they are cut', () => {
    const forget = knownSecret('correct-horse-battery');
    const [line] = linesOf(frame(`${'x'.repeat(1_990)}correct-horse-battery\n`));
    forget();
    expect(line).not.toContain('correct');
  });
});
