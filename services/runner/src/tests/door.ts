import { chmod, open } from 'node:fs/promises';
import { join } from 'node:path';
import { LARGEST_COPY } from '@cc-ci/deploy/copy';
import type { App, Deployer } from '@cc-ci/deploy/deployer';
import fastify from 'fastify';
import { z } from 'zod';

/** How many lines of a service's log a test is given at most. */
const MOST_LINES = 5_000;
/** Base64 makes a file a third longer. */
const BODY_LIMIT = Math.ceil(LARGEST_COPY * 1.4);

const Exec = z.object({ service: z.string(), command: z.string() });
const Logs = z.object({ service: z.string(), lines: z.coerce.number().int().positive().max(MOST_LINES).default(200) });
const File = z.object({ service: z.string(), path: z.string().startsWith('/') });
const Put = File.extend({ content: z.base64() });

export interface DoorOptions {
  readonly app: App;
  readonly deployer: Pick<Deployer, 'exec' | 'logs' | 'copyIn' | 'copyOut'>;
  /** Of the socket `door`, on this host. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Told of every call, as a sentence. */
  say(sentence: string): void;
}

/**
 * Opens the door: a socket by which trusted tests reach into the services of their own app, and of no other. Close it when they end.
 */
export async function openDoor({ app, deployer, folder, signal, say }: DoorOptions): Promise<AsyncDisposable> {
  const server = fastify({ bodyLimit: BODY_LIMIT });
  server.post('/exec', async (request, reply) => {
    const { service, command } = Exec.parse(request.body);
    say(`Door: \`${command}\` in \`${service}\`.`);
    const ended = await deployer.exec(app, service, command, signal);
    if (!ended) return reply.code(404).send({ error: `no container of ${service} runs at this moment` });
    return { exitCode: ended.exitCode, output: ended.lines.join('\n') };
  });
  server.get('/logs', async (request, reply) => {
    const { service, lines } = Logs.parse(request.query);
    say(`Door: the log of \`${service}\`.`);
    const log = (await deployer.logs(app, { tail: lines })).find((each) => each.service === service);
    if (!log) return reply.code(404).send({ error: `the app has no service ${service}` });
    return { output: log.lines.join('\n') };
  });
  server.post('/put', async (request, reply) => {
    const { content, ...file } = Put.parse(request.body);
    say(`Door: a file to \`${file.path}\` of \`${file.service}\`.`);
    if (await deployer.copyIn(app, file, Buffer.from(content, 'base64'), signal)) return {};
    return reply.code(404).send({ error: `${file.path} of ${file.service} cannot be written` });
  });
  server.get('/get', async (request, reply) => {
    const file = File.parse(request.query);
    say(`Door: the file \`${file.path}\` of \`${file.service}\`.`);
    const content = await deployer.copyOut(app, file, signal);
    if (!content) return reply.code(404).send({ error: `there is no ${file.path} in ${file.service}` });
    if (content.length > LARGEST_COPY) return reply.code(413).send({ error: `${file.path} has more than ${LARGEST_COPY} bytes` });
    return { content: content.toString('base64') };
  });
  server.setErrorHandler((error, _, reply) =>
    error instanceof z.ZodError
      ? reply.code(400).send({ error: z.prettifyError(error) })
      : reply.code(500).send({ error: error instanceof Error ? error.message : String(error) }),
  );
  await listen(server, folder);
  return { [Symbol.asyncDispose]: () => server.close() };
}

/** A path of a socket has at most 107 bytes, and that of a run's folder may have more: it is opened by a short one. */
async function listen(server: ReturnType<typeof fastify>, folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await server.listen({ path: `/proc/self/fd/${handle.fd}/door` });
  } finally {
    await handle.close();
  }
  // The tests are nobody.
  await chmod(join(folder, 'door'), 0o666);
}
