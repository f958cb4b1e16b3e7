import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describe as described, exitCodeOf } from '../../src/service/errors.ts';
import { SettingsRefused } from '../../src/service/settings-refused.ts';

describe('the description of an error', () => {
  it.each([
    ['is its message', new Error('The disk is full.'), 'The disk is full.'],
    ['is its name when it has no message', new TypeError(), 'TypeError'],
    ['is the text itself when a text was thrown', 'nonsense', 'nonsense'],
    [
      'gives each cause a line',
      new Error('No report was sent.', { cause: new Error('The forge is away.', { cause: new Error('ECONNREFUSED') }) }),
      'No report was sent.\n  because: The forge is away.\n  because: ECONNREFUSED',
    ],
    [
      'names every attempt of a connection that failed on all addresses',
      new AggregateError([new Error('refused by ::1'), new Error('refused by 127.0.0.1')]),
      'refused by ::1; refused by 127.0.0.1',
    ],
    [
      'reads well when foreign data was refused',
      z.object({ run: z.string() }).safeParse({ run: 7 }).error,
      '✖ Invalid input: expected string, received number\n  → at run',
    ],
  ])('%s', (_, error, expected) => expect(described(error)).toBe(expected));

  it('ends although the causes go in a circle', () => {
    const error = new Error('circle');
    error.cause = error;
    expect(described(error).split('\n')).toHaveLength(10);
  });
});

describe('the exit code of an error', () => {
  it.each([
    ['is 78 for wrong settings', new SettingsRefused('the environment', []), 78],
    ['is 1 for what was not foreseen', new Error('oh'), 1],
    ['is 1 for what is no error', 'oh', 1],
  ])('%s', (_, error, code) => expect(exitCodeOf(error)).toBe(code));
});
