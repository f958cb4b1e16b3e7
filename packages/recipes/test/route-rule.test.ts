import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRouteRule } from '../src/route-rule.ts';

describe('a rule', () => {
  const isHost = ({ name }: { name: string }) => name === 'Host';
  const tree = fc.letrec<{ rule: { text: string; demanded: boolean } }>((tie) => {
    const pair = fc.tuple(tie('rule'), tie('rule'));
    return {
      rule: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constant({ text: 'Host(`a`)', demanded: true }),
        fc.constant({ text: 'Path(`/`)', demanded: false }),
        tie('rule').map(({ text }) => ({ text: `!(${text})`, demanded: false })),
        pair.map(([a, b]) => ({ text: `(${a.text}&&${b.text})`, demanded: a.demanded || b.demanded })),
        pair.map(([a, b]) => ({ text: `(${a.text}||${b.text})`, demanded: a.demanded && b.demanded })),
      ),
    };
  }).rule;

  it('demands what each of its alternatives demands', () => {
    fc.assert(
      fc.property(tree, ({ text, demanded }) => {
        expect(readRouteRule(text, isHost)?.demanded).toBe(demanded);
      }),
    );
  });

  it('may be nested as deeply as its length allows', () => {
    expect(readRouteRule(`${'('.repeat(990)}Host(\`a\`)${')'.repeat(990)}`, isHost)?.demanded).toBe(true);
    expect(readRouteRule(`${'!'.repeat(1_990)}Host(\`a\`)`, isHost)?.demanded).toBe(false);
  });
});
