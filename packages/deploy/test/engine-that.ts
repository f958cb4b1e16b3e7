import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../src/engine.ts';

/** An engine that answers as the listener does. */
export async function engineThat(answers: RequestListener) {
  const folder = await mkdtemp(join(tmpdir(), 'ccci-engine-'));
  const server = createServer(answers).listen(join(folder, 'docker.sock'));
  return {
    engine: openEngine(`unix://${folder}/docker.sock`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
