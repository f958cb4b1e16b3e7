import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';

/** Files of a commit by their path; a path that is not named stays as it was, `null` removes it. */
export type Files = Readonly<Record<string, string | null>>;

/** One repository behind git's smart protocol over HTTP, on a free loopback port. */
export interface GitServer extends AsyncDisposable {
  readonly url: string;
  /** Address of the server itself. */
  readonly forgeUrl: string;
  /** The Authorization headers that came, oldest first. */
  readonly seen: (string | undefined)[];
  /** Commits onto a branch, which begins where `from` is. @returns the commit */
  commit(branch: string, files: Files, from?: string): Promise<string>;
  tag(name: string, commit: string): Promise<void>;
  git(...args: string[]): Promise<string>;
  /** Refuses everybody with 503 until it is back. */
  goDown(): void;
  comeBack(): void;
  /** Whoever does not bring this token is sent away. */
  demand(token: string): void;
}

const environment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A maintainer',
  GIT_AUTHOR_EMAIL: 'maintainer@example.org',
  GIT_COMMITTER_NAME: 'A maintainer',
  GIT_COMMITTER_EMAIL: 'maintainer@example.org',
};

/** @param anySha whether commits can be fetched by their id, as Gitea allows unless told not to */
export async function startGitServer({ anySha = true } = {}): Promise<GitServer> {
  const folder = await mkdtemp(join(tmpdir(), 'ccci-git-'));
  const bare = join(folder, 'recipe.git');
  const work = join(folder, 'work');
  const run = async (cwd: string, args: readonly string[]): Promise<string> =>
    (await execa('git', args, { cwd, env: environment, stdin: 'ignore' })).stdout;
  await run(folder, ['init', '--quiet', '--bare', bare]);
  await run(bare, ['config', 'uploadpack.allowAnySHA1InWant', String(anySha)]);
  await run(folder, ['init', '--quiet', '--initial-branch=main', work]);

  const seen: (string | undefined)[] = [];
  let down = false;
  let token: string | undefined;
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    if (down) return void response.writeHead(503).end('away');
    if (token !== undefined && request.headers.authorization !== `token ${token}`) {
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="Gitea"' }).end();
    }
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(z.object({ port: z.number() }).parse(server.address()).port));
  });
  const forgeUrl = `http://127.0.0.1:${port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', forgeUrl);
    const { stdout } = await execa('git', ['http-backend'], {
      env: {
        ...environment,
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: String(request.headers['content-encoding'] ?? ''),
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
      input: request,
      encoding: 'buffer',
      reject: false,
    });
    const text = Buffer.from(stdout);
    const end = text.indexOf('\r\n\r\n');
    const headers = Object.fromEntries(
      text
        .subarray(0, end)
        .toString()
        .split('\r\n')
        .map((line) => line.split(/: (.*)/s).slice(0, 2)),
    );
    response.writeHead(Number(String(headers['Status'] ?? '200').slice(0, 3)), { 'content-type': headers['Content-Type'] });
    response.end(text.subarray(end + 4));
  }

  return {
    url: `${forgeUrl}/recipe.git`,
    forgeUrl,
    seen,
    async commit(branch, files, from) {
      await run(work, from === undefined ? ['checkout', '--quiet', '-B', branch] : ['checkout', '--quiet', '-B', branch, from]);
      for (const [path, text] of Object.entries(files)) {
        const target = join(work, path);
        await mkdir(dirname(target), { recursive: true });
        await (text === null ? rm(target) : writeFile(target, text));
      }
      await run(work, ['add', '--all']);
      await run(work, ['commit', '--quiet', '--allow-empty', '--message', 'a change']);
      await run(work, ['push', '--quiet', '--force', bare, branch]);
      return run(work, ['rev-parse', 'HEAD']);
    },
    async tag(name, commit) {
      await run(work, ['tag', '--annotate', '--message', name, name, commit]);
      await run(work, ['push', '--quiet', bare, name]);
    },
    git: (...args) => run(bare, args),
    goDown() {
      down = true;
    },
    comeBack() {
      down = false;
    },
    demand(wanted) {
      token = wanted;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
