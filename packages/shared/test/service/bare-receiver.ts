import Fastify from 'fastify';
import { z } from 'zod';
import type { QueuePlace } from '../../src/service/queues.ts';
import { openQueue } from '../../src/service/queues.ts';

const Told = z.looseObject({ comment: z.looseObject({ id: z.number() }) });

/** The least that a receiver of webhooks can do with fastify and BullMQ: parse, add a job, answer. What ours is measured by. */
export async function openBareReceiver(place: QueuePlace): Promise<{ url: string } & AsyncDisposable> {
  const queue = openQueue('intake', place);
  const app = Fastify();
  app.post('/hooks/gitea', async (request, reply) => {
    const { id } = Told.parse(request.body).comment;
    await queue.add('intake', { id }, { jobId: `comment-${id}` });
    return reply.status(202).send({ accepted: id });
  });
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), [Symbol.asyncDispose]: () => app.close() };
}
