import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { NotServing, untilServed } from '../src/probe.ts';

describe('an app that takes the question and never answers', () => {
  it('is the app’s to mend, once the time for its first answer is over', async () => {
    await using silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
    const { port } = address;
    const asked = untilServed('nobody.apps.test', {
      proxy: { address: '127.0.0.1', port, ca: undefined },
      health: { path: '/' },
      limitMs: 50,
      signal: new AbortController().signal,
      onWaiting: () => undefined,
      stillUp: async () => undefined,
    });
    await expect(asked).rejects.toThrow(NotServing);
    await expect(asked).rejects.toHaveProperty('what', 'gives no answer (no answer in 0.05 s)');
  });
});
