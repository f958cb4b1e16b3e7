import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import type { Settings } from '@cc-ci/shared/contract/settings';
import { drained } from '@cc-ci/shared/runs/drained';
import { living } from '@cc-ci/shared/runs/heartbeats';
import { openIntakeStore } from '@cc-ci/shared/runs/intake-store';
import { queueView } from '@cc-ci/shared/runs/queue-view';
import type { RunStore } from '@cc-ci/shared/runs/store';
import type { RedisConnection } from '@cc-ci/shared/service/redis';
import type { FastifyInstance } from 'fastify';
import { isPrivate } from './access.ts';
import { sendPage } from './layout.ts';
import { openRequests } from './open-requests.ts';
import { queuePage } from './queue-page.ts';
import { requestsPage } from './requests-page.ts';

export interface OverviewParts {
  readonly settings: Settings;
  readonly redis: Pick<RedisConnection, 'client'>;
  readonly runs: Pick<RunStore, 'open' | 'recent'>;
  readonly enrolled: () => Promise<readonly Enrolled[]>;
}

/** Comments and runs that are looked at: what is older than all of these waits for nobody any more. */
const LOOKED_AT = 500;
const REFUSED_SHOWN = 50;

/** The pages of what goes on and of what waits, over all recipes. */
export function serveOverviews(app: FastifyInstance, { settings, redis: { client }, runs, enrolled }: OverviewParts): void {
  const { instance, dashboard, forge } = settings;
  // Pages only read: nobody has to be told of a change.
  const intakes = openIntakeStore(client, instance, async () => undefined);
  const showsPrivate = dashboard.access === 'token';

  app.get('/queue', async (_request, reply) => {
    const now = Date.now();
    const [open, alive, hosts, recipes] = await Promise.all([
      runs.open(),
      living(client, instance, now),
      drained(client, instance),
      enrolled(),
    ]);
    const hidden = new Set(open.filter((run) => !showsPrivate && isPrivate(run, recipes)).map(({ id }) => id));
    return sendPage(reply, queuePage({ queue: queueView(alive, hosts, open), isHidden: ({ run }) => hidden.has(run), now }));
  });

  app.get('/requests', async (_request, reply) => {
    const [recipes, all, recent] = await Promise.all([enrolled(), intakes.recent(LOOKED_AT), runs.recent(LOOKED_AT)]);
    const shown = new Set(recipes.filter((recipe) => showsPrivate || !recipe.private).map(({ repo }) => repo.id));
    const seen = all.filter(({ repo }) => shown.has(repo.id));
    const refused = seen.filter(
      ({ outcome, pull }) => pull !== null && (outcome.kind === 'reply' || outcome.kind === 'confused'),
    );
    return sendPage(
      reply,
      requestsPage({
        open: openRequests(seen, recent),
        refused: refused.slice(0, REFUSED_SHOWN),
        forgeUrl: forge.public_url ?? forge.url,
        now: Date.now(),
      }),
    );
  });
}
