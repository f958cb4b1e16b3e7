import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Held by one process of this machine at a time. */
export interface HostLock extends AsyncDisposable {
  /** Takes it, if nobody else has it. @returns whether this process holds it now */
  hold(): Promise<boolean>;
}

/**
 * A lock that the kernel gives back when its holder dies, however it dies: a socket of Linux's abstract namespace, which only
 * one process can be bound to. Neither a file that outlives a kill -9, nor a process id that somebody else has by now, nor a
 * helper process to look after, as with flock.
 * @param name what is locked
 */
export function openHostLock(name: string): HostLock {
  // Socket names end at 107 bytes.
  const address = `\0cc-ci-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  let server: Server | undefined;
  return {
    async hold() {
      server ??= await bind(address);
      return server !== undefined;
    },
    async [Symbol.asyncDispose]() {
      const held = server;
      server = undefined;
      if (held) await new Promise((resolve) => held.close(resolve));
    },
  };
}

/** @returns undefined when somebody else is bound to it */
function bind(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen({ path }, () => {
      // Holding a lock is no reason to go on living.
      server.unref();
      resolve(server);
    });
  });
}
