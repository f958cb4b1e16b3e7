import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * A way to Redis that can be cut: for its user Redis is stopped and started again, while the other test files that share
 * the server notice nothing.
 */
export interface SeverableLink extends AsyncDisposable {
  readonly url: string;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Connections that are open now. */
  connections(): number;
}

export async function openLink(redisUrl: string): Promise<SeverableLink> {
  const { hostname, port } = new URL(redisUrl);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  const listen = async (at: number): Promise<AddressInfo> => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The link has no port.');
    return address;
  };
  const address = await listen(0);

  async function cut(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  }

  return {
    url: `redis://127.0.0.1:${address.port}`,
    cut,
    mend: async () => {
      await listen(address.port);
    },
    connections: () => open.size / 2,
    [Symbol.asyncDispose]: cut,
  };
}
