// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose and shell.
import { describe, expect, it } from 'vitest';
import { interpolate, variablesIn } from '../src/interpolate.ts';
import { environment, interpolations, noInterpolations } from './interpolations.ts';

describe('a value of a compose file', () => {
  it.each(interpolations)('interpolates %s as the docker CLI does', (value, text) =>
    expect(interpolate(value, environment)).toEqual({ text }),
  );

  it.each(noInterpolations)('is refused for %s', (value) => {
    expect(interpolate(value, environment)).toEqual({ problem: expect.any(String) });
  });

  it('is refused with what to write', () => {
    expect(interpolate('costs $1', environment)).toEqual({
      problem: '`costs $1` is no valid interpolation; a literal dollar sign is written `$$`',
    });
  });

  it.each([
    ['${NOPE:?set me}', 'variable `NOPE` needs a value (set me)'],
    ['${EMPTY:?}', 'variable `EMPTY` needs a value'],
    ['${NOPE?}', 'variable `NOPE` needs a value'],
  ])('is refused where %s has no value', (value, problem) => expect(interpolate(value, environment)).toEqual({ problem }));

  it('is refused when it is too long to be a name or a path', () => {
    expect(interpolate('${a-'.repeat(10_000), environment)).toEqual({ problem: expect.stringContaining('40000 characters') });
    expect(variablesIn('${a}'.repeat(10_000))).toEqual([]);
  });

  it('never takes what every object has', () => expect(interpolate('${constructor:-d}', environment)).toEqual({ text: 'd' }));

  it('names its variables', () => {
    expect(variablesIn('${STACK_NAME}_key_${SECRET_KEY_VERSION:-v1}_$$NOT_$STACK_NAME')).toEqual([
      'STACK_NAME',
      'SECRET_KEY_VERSION',
    ]);
  });
});
