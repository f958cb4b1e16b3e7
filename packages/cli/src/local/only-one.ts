import { once } from 'node:events';
import { createServer } from 'node:net';
import { exitCodes } from '@cc-ci/shared/service/errors';

/** Another process of this host does the same at this moment. */
export class AnotherIsRunning extends Error {
  override readonly name = 'AnotherIsRunning';
  readonly exitCode = exitCodes.unavailable;
  constructor() {
    super(
      'Another `ccci run` is going on this host: two of them would take each other’s apps for leftovers. Wait until it is over.',
    );
  }
}

/** A name of the kernel's, not of a file: it is free again however its process ends. */
const NAME = '\0ccci-run';

/** Holds the right to be the only `ccci run` of this host. Throws AnotherIsRunning. */
export async function beTheOnlyOne(): Promise<AsyncDisposable> {
  const server = createServer();
  server.listen(NAME);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? new AnotherIsRunning() : error;
  });
  server.unref();
  return server;
}
