import type { Settings } from '@cc-ci/shared/contract/settings';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { type HttpServer, openHttp } from '@cc-ci/shared/service/http';
import type { Log } from '@cc-ci/shared/service/log';
import { openQueues } from '@cc-ci/shared/service/queues';
import type { RedisConnection } from '@cc-ci/shared/service/redis';
import { serveAssets } from './assets.ts';
import { BOARD_PATH, serveBoard } from './board.ts';
import { METRICS_TYPE, metricsText } from './metrics.ts';
import { readMetrics } from './read-metrics.ts';
import { openDoor } from './sign-in.ts';

export interface AdminOptions {
  readonly settings: Settings;
  readonly redis: RedisConnection;
  readonly log: Log;
  readonly listen: { readonly address: string; readonly port: number };
  readonly adminToken: () => Promise<string>;
}

/** Serves what only operators may see, on a listener of its own. */
export async function openAdmin({ settings, redis, log, listen, adminToken }: AdminOptions): Promise<HttpServer> {
  return openHttp({
    service: 'reporter',
    host: listen.address,
    port: listen.port,
    log,
    redis,
    async routes(app) {
      const queues = openQueues({ connection: redis, prefix: keysOf(settings.instance).queuePrefix });
      await serveAssets(app);
      const guard = await openDoor(app, { adminToken, now: Date.now });
      app.get('/', async (_request, reply) => reply.redirect(BOARD_PATH));
      await app.register(async (behind) => {
        behind.addHook('onRequest', guard);
        behind.get('/metrics', async (_request, reply) =>
          reply.type(METRICS_TYPE).send(metricsText(await readMetrics(settings.instance, redis.client, queues))),
        );
        await serveBoard(behind, queues);
      });
    },
  });
}
