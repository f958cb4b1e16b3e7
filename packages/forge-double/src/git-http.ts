/** Git's smart protocol: git's own `http-backend` over the bare repositories, behind the forge's rights. */
import { Readable } from 'node:stream';
import { execa } from 'execa';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Caller, callerOf, demandScope, includes, roleIn } from './access.ts';
import { gitEnvironment, refsOf } from './git.ts';
import { afterPush, inTurn } from './pulls.ts';
import { notFound, Refusal, Renamed } from './refusal.ts';
import { demandAlive, visibleRepository } from './repositories.ts';
import type { Repository, World } from './world.ts';

/** A pack of a recipe is small; this stops a runaway. */
const LARGEST_PACK_BYTES = 256 * 1024 * 1024;

type Service = 'git-upload-pack' | 'git-receive-pack';

const Params = z.object({ owner: z.string(), repo: z.string().regex(/^(?:.+)\.git$/) });
const InfoQuery = z.object({ service: z.enum(['git-upload-pack', 'git-receive-pack']) });

/** Adds `info/refs`, `git-upload-pack` and `git-receive-pack` of every repository. */
export async function mountGit(app: FastifyInstance, world: World): Promise<void> {
  await app.register(async (git) => {
    git.removeAllContentTypeParsers();
    // The pack goes to git as it comes.
    git.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    git.get('/:owner/:repo/info/refs', async (request, reply) => {
      const query = InfoQuery.safeParse(request.query);
      if (!query.success) return await reply.code(403).send('Only the smart protocol is spoken here');
      return await answered(world, request, reply, query.data.service, '/info/refs');
    });
    for (const service of ['git-upload-pack', 'git-receive-pack'] as const)
      git.post(`/:owner/:repo/${service}`, { bodyLimit: LARGEST_PACK_BYTES }, async (request, reply) =>
        answered(world, request, reply, service, `/${service}`),
      );
  });
}

async function answered(world: World, request: FastifyRequest, reply: FastifyReply, service: Service, path: string) {
  try {
    const { caller, repository } = allowed(world, request, service);
    const isPush = request.method === 'POST' && service === 'git-receive-pack';
    const run = () => backend(request, repository, path, caller);
    const { headers, body } = isPush ? await push(world, repository, caller, run) : await run();
    return await reply.code(headers.status).headers(headers.fields).send(body);
  } catch (error) {
    if (error instanceof Renamed) return await reply.redirect(renamedUrl(request.url, error), 301);
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 401) reply.header('www-authenticate', 'Basic realm="Gitea"');
    return await reply
      .code(error.status)
      .type('text/plain')
      .send(error.status === 404 ? 'Repository not found' : error.message);
  }
}

function renamedUrl(url: string, { owner, repository }: Renamed): string {
  return url.replace(/^\/[^/]+\/[^/]+/, `/${owner}/${repository}.git`);
}

/** Reading a public repository needs nobody; what a known caller may not see does not exist. */
function allowed(world: World, request: FastifyRequest, service: Service): { caller: Caller; repository: Repository } {
  const params = Params.safeParse(request.params);
  if (!params.success) throw notFound();
  const { owner, repo } = params.data;
  const name = repo.slice(0, -'.git'.length);
  const caller = callerOf(world, request.headers.authorization);
  const writing = service === 'git-receive-pack';
  if (caller.person === undefined && (writing || !isPublic(world, owner, name))) throw new Refusal(401, 'Unauthorized');
  demandScope(caller, writing ? 'write:repository' : 'read:repository');
  const repository = visibleRepository(world, owner, name, caller.person);
  if (writing) demandAlive(repository);
  if (writing && !includes(roleIn(repository, caller.person), 'write'))
    throw new Refusal(403, 'User permission denied for writing.');
  return { caller, repository };
}

function isPublic(world: World, owner: string, name: string): boolean {
  try {
    return visibleRepository(world, owner, name, undefined) !== undefined;
  } catch (error) {
    if (error instanceof Renamed) return true;
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** The answer is held back until the pushed refs are known, and the pull requests follow unless they are held. */
async function push(world: World, repository: Repository, caller: Caller, run: () => Promise<CgiAnswer>): Promise<CgiAnswer> {
  const { pushed, answer } = await inTurn(repository, async () => {
    const before = await refsOf(repository.folder);
    const running = await run();
    const whole = Buffer.concat(await running.body.toArray());
    return { pushed: { before, after: await refsOf(repository.folder) }, answer: { ...running, body: Readable.from([whole]) } };
  });
  if (caller.person) await afterPush(world, repository, caller.person, pushed);
  return answer;
}

interface CgiAnswer {
  headers: { status: number; fields: Record<string, string> };
  body: Readable;
}

async function backend(request: FastifyRequest, repository: Repository, path: string, caller: Caller): Promise<CgiAnswer> {
  const env = {
    ...gitEnvironment,
    GIT_PROJECT_ROOT: repository.folder,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: path,
    QUERY_STRING: request.url.split('?')[1] ?? '',
    REQUEST_METHOD: request.method,
    REMOTE_USER: caller.person?.login ?? '',
    REMOTE_ADDR: request.ip,
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    HTTP_CONTENT_ENCODING: String(request.headers['content-encoding'] ?? ''),
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    ...(request.headers['content-length'] ? { CONTENT_LENGTH: request.headers['content-length'] } : {}),
  };
  const input = request.method === 'POST' ? { stdin: 'pipe' as const } : { stdin: 'ignore' as const };
  const child = execa('git', ['http-backend'], { env, extendEnv: false, ...input, buffer: false, reject: false });
  if (child.stdin) request.raw.pipe(child.stdin);
  child.stdin?.on('error', () => {});
  return await cgiAnswer(child.stdout);
}

/** Splits what a CGI program says: header lines, an empty line, the body. */
async function cgiAnswer(output: Readable): Promise<CgiAnswer> {
  const chunks = output[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  for (;;) {
    const end = head.indexOf('\r\n\r\n');
    if (end !== -1)
      return { headers: cgiHeaders(head.subarray(0, end).toString('latin1')), body: rest(head.subarray(end + 4), chunks) };
    const { value, done } = await chunks.next();
    if (done) throw new Error(`git http-backend said nothing usable: ${head.toString('utf8').slice(0, 200)}`);
    head = Buffer.concat([head, Buffer.from(value)]);
  }
}

function rest(first: Buffer, chunks: AsyncIterator<Buffer>): Readable {
  return Readable.from(
    (async function* () {
      if (first.length > 0) yield first;
      yield* { [Symbol.asyncIterator]: () => chunks };
    })(),
  );
}

function cgiHeaders(text: string): CgiAnswer['headers'] {
  const fields: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    fields[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const { status = '200', ...others } = fields;
  return { status: Number.parseInt(status, 10), fields: others };
}
