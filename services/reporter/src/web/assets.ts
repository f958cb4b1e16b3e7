import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';

/** What pages are served with: one style, one script. */
const assets = [
  { path: '/assets/style.css', file: new URL('./assets/style.css', import.meta.url), type: 'text/css; charset=utf-8' },
  { path: '/assets/live.js', file: new URL('./assets/live.js', import.meta.url), type: 'text/javascript; charset=utf-8' },
] as const;

/** Serves the assets, also to whoever has not signed in yet. */
export async function serveAssets(app: FastifyInstance): Promise<void> {
  for (const { path, file, type } of assets) {
    const content = await readFile(file);
    app.get(path, async (_request, reply) =>
      reply.type(type).header('cache-control', 'no-cache').header('x-content-type-options', 'nosniff').send(content),
    );
  }
}
