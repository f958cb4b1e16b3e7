import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type HostProxy, NotServing, ProxyUnfit, untilServed } from '../src/probe.ts';

let proxy: HostProxy;
beforeAll(async () => {
  const { address, port, caFile } = inject('machine').proxy;
  proxy = { address, port, ca: await readFile(caFile, 'utf8') };
});

const ask = (given: HostProxy, heard: string[] = []) =>
  untilServed('nobody.apps.test', {
    proxy: given,
    health: { path: '/' },
    limitMs: 1_000,
    signal: new AbortController().signal,
    onWaiting: (what) => heard.push(what),
    stillUp: async () => undefined,
  });

describe('the way of an app’s people', () => {
  it('is the app’s to mend where the proxy does not know the app', async () => {
    const error = await ask(proxy).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotServing);
    expect(error).toHaveProperty('what', 'is not known to the proxy yet (its own 404 page)');
  });

  it('is ours to mend where the proxy’s certificate is not to be trusted', async () => {
    await expect(ask({ ...proxy, ca: undefined })).rejects.toThrow(ProxyUnfit);
  });

  it('is ours to mend where there is no proxy', async () => {
    // Port 1 (tcpmux) is served by nobody.
    await expect(ask({ ...proxy, address: '127.0.0.1', port: 1 })).rejects.toThrow(ProxyUnfit);
  });
});
