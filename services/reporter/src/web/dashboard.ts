import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import type { Settings } from '@cc-ci/shared/contract/settings';
import { readEnrolled } from '@cc-ci/shared/runs/enrolled';
import { living } from '@cc-ci/shared/runs/heartbeats';
import { readLog } from '@cc-ci/shared/runs/log-stream';
import { openRunStore, type RunStore } from '@cc-ci/shared/runs/store';
import { type HttpServer, openHttp } from '@cc-ci/shared/service/http';
import type { Log } from '@cc-ci/shared/service/log';
import type { RedisConnection } from '@cc-ci/shared/service/redis';
import { fastifySSE } from '@fastify/sse';
import type { FastifyInstance } from 'fastify';
import { RecordsAway } from '../errors.ts';
import { isPrivate, needsSignIn } from './access.ts';
import { serveApi } from './api.ts';
import { serveAssets } from './assets.ts';
import { serveBadges } from './badge-routes.ts';
import { homePage } from './home-page.ts';
import { sendPage } from './layout.ts';
import { openApi } from './open-api.ts';
import { serveOverviews } from './overview-routes.ts';
import { serveRecipes } from './recipe-routes.ts';
import { serveRuns } from './run-routes.ts';
import { openDoor } from './sign-in.ts';

export interface DashboardOptions {
  readonly settings: Settings;
  readonly redis: RedisConnection;
  readonly log: Log;
  readonly listen: { readonly address: string; readonly port: number };
  /** What opens the pages that are not public. */
  readonly adminToken: () => Promise<string>;
}

/** What fits on a page that people scroll through. */
const RUNS_SHOWN = 50;

/** Serves the pages of runs and recipes to whoever may see them. It reads records and never the forge. */
export async function openDashboard({ settings, redis, log, listen, adminToken }: DashboardOptions): Promise<HttpServer> {
  return openHttp({
    service: 'reporter',
    host: listen.address,
    port: listen.port,
    log,
    redis,
    async routes(app) {
      await serveAssets(app);
      const guard = await openDoor(app, { adminToken, now: Date.now });
      const { access } = settings.dashboard;
      // Pages only read: nobody has to be told of a change.
      const runs = openRunStore(redis.client, settings.instance, async () => undefined);
      const enrolled = () => readEnrolled(redis.client, settings.instance);
      await app.register(async (behind) => {
        behind.addHook('onRequest', async () => {
          if (!redis.answers()) throw new RecordsAway();
        });
        // Shown in READMEs: of what is private a badge says nothing, so it is for everybody where anything is.
        if (access === 'public') await behind.register(async (open) => serveBadges(open, { runs, enrolled }));
        await behind.register(async (closed) => {
          closed.addHook('onRequest', async (request, reply) => {
            const isClosed = await needsSignIn(request.params, { access, read: runs.read, enrolled });
            return isClosed ? guard(request, reply) : undefined;
          });
          if (access === 'token') serveBadges(closed, { runs, enrolled });
          await servePages(closed, { settings, redis, runs, enrolled });
        });
      });
    },
  });
}

interface PageParts extends Pick<DashboardOptions, 'settings' | 'redis'> {
  readonly runs: RunStore;
  readonly enrolled: () => Promise<Enrolled[]>;
}

async function servePages(app: FastifyInstance, { settings, redis: { client }, runs, enrolled }: PageParts): Promise<void> {
  const { instance, dashboard } = settings;
  // Where all of it is closed, whoever sees a page has signed in.
  const showsPrivate = dashboard.access === 'token';
  await app.register(fastifySSE);

  app.get('/', async (_request, reply) => {
    const now = Date.now();
    const [recent, recipes, alive] = await Promise.all([runs.recent(RUNS_SHOWN), enrolled(), living(client, instance, now)]);
    return sendPage(
      reply,
      homePage({
        instance,
        recent: recent.filter((run) => showsPrivate || !isPrivate(run, recipes)),
        enrolled: recipes.filter((recipe) => showsPrivate || !recipe.private),
        alive,
        now,
      }),
    );
  });

  const description = openApi();
  app.get('/api/openapi.json', () => description);
  serveApi(app, { runs, enrolled, showsPrivate, publicUrl: dashboard.public_url });
  serveRecipes(app, { runs, enrolled });
  serveOverviews(app, { settings, redis: { client }, runs, enrolled });
  serveRuns(app, {
    read: runs.read,
    linesAfter: (id, after) => readLog(client, instance, id, after),
    open: runs.open,
    runnersUp: async (now) => (await living(client, instance, now)).filter(({ service }) => service === 'runner').length,
  });
}
