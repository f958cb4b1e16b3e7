import { knownSecret } from '@cc-ci/shared/service/scrub';
import { describe, expect, it } from 'vitest';
import { asEvidence, code, telling, withoutNeighbours } from '../src/words.ts';

describe('a foreign word', () => {
  it.each([
    ['stays as it is', 'app', '`app`'],
    ['cannot leave its code span', 'a`**b**', '`a **b**`'],
    ['stays on one line', 'a\n# b', '`a # b`'],
  ])('%s', (_, word, expected) => expect(code(word)).toBe(expected));

  it('is cut when it is endless', () => expect(code('x'.repeat(1_000)).length).toBeLessThan(210));
});

describe('an engine’s error', () => {
  it('keeps the name of this app and hides those of others', () => {
    expect(withoutNeighbours('hedg-8f3a2c_app is in the way of ghos-0a1b2c_db', 'hedg-8f3a2c')).toBe(
      'hedg-8f3a2c_app is in the way of another-app_db',
    );
  });
});

describe('a line of evidence', () => {
  it('has no colours, no control characters, no secrets, no neighbours', () => {
    knownSecret('correct-horse-battery');
    expect(asEvidence('\u001b[31mFATAL\u001b[0m:\tpw correct-horse-battery of ghos-0a1b2c\u0007', 'hedg-8f3a2c')).toBe(
      'FATAL: pw [secret] of another-app',
    );
  });
});

describe('the telling lines of a log', () => {
  it('are those that speak of trouble, in their order', () => {
    expect(telling(['starting', 'FATAL: first', 'more', '', 'error: second', 'stopped'], 2)).toEqual([
      'FATAL: first',
      'error: second',
    ]);
  });

  it('are the last ones where nothing speaks of trouble', () => {
    expect(telling(['one', 'two', 'three'], 2)).toEqual(['two', 'three']);
  });

  it('do not repeat themselves', () => {
    expect(telling(['error: x', 'error: x', 'error: x'], 3)).toEqual(['error: x']);
  });
});
