import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { OpenQueues } from '@cc-ci/shared/service/queues';
import type { FastifyInstance } from 'fastify';

/** Where the board is. */
export const BOARD_PATH = '/queues';

/**
 * Serves Bull Board for all queues of an instance, to look at only: what a job does is decided by records, so a job that is
 * retried or removed by hand would change nothing, or too much.
 */
export async function serveBoard(app: FastifyInstance, queues: OpenQueues): Promise<void> {
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(BOARD_PATH);
  createBullBoard({
    queues: Object.values(queues).map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'cc-ci queues' } },
  });
  await app.register(serverAdapter.registerPlugin(), { prefix: BOARD_PATH });
}
