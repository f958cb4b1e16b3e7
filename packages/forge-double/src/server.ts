/** The HTTP server of the double: API, git and pages on one port. */

import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance } from 'fastify';
import { mountApi } from './api.ts';
import { mountGit } from './git-http.ts';
import { mountPages } from './pages.ts';
import type { RequestLog } from './request-log.ts';
import { hookRoutes } from './routes-hooks.ts';
import { issueRoutes } from './routes-issues.ts';
import { peopleRoutes } from './routes-people.ts';
import { pullRoutes } from './routes-pulls.ts';
import { setupRoutes } from './routes-setup.ts';
import type { World } from './world.ts';

/** Everything mounted, not yet listening. */
export async function forgeServer(world: World, log: RequestLog): Promise<FastifyInstance> {
  const app = Fastify({ forceCloseConnections: true });
  await app.register(formbody);
  app.addHook('onRequest', async (request, reply) => {
    if (!world.faults.down) return;
    reply.hijack();
    request.raw.destroy();
  });
  app.addHook('onResponse', async (request, reply) => log.add(request, reply.statusCode));
  const routes = [peopleRoutes, issueRoutes, pullRoutes, hookRoutes, setupRoutes].flatMap((routesOf) => routesOf(world));
  mountApi(app, world, routes);
  await mountGit(app, world);
  await mountPages(app, world);
  app.setNotFoundHandler(async (_request, reply) => await reply.code(404).send({ message: 'Not found', url: '' }));
  return app;
}
