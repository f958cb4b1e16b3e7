import { eventsOf, isSigned } from '@cc-ci/forge/signature';
import type { IntakeJob } from '@cc-ci/shared/contract/queues';
import type { IntakeStore } from '@cc-ci/shared/runs/intake-store';
import { HttpRefusal } from '@cc-ci/shared/service/http-refusal';
import type { Log } from '@cc-ci/shared/service/log';
import { within } from '@cc-ci/shared/service/within';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readDelivery } from './delivery.ts';

/** Where the forge sends its deliveries. */
export const WEBHOOK_PATH = '/hooks/gitea';

/** The forge waits 5 s for its answer; what is not in Redis by then is for the polls to find. Milliseconds. */
const STORE_MS = 4_000;
/** Wrong signatures from one address within a minute: more than a hook with an old secret makes, fewer than guessing needs. */
const WRONG_PER_MINUTE = 60;

const UNSIGNED = 'The signature is not right: the secret of the hook is another one than cc-ci knows, or the hook has none.';

export interface WebhookParts {
  /** The present one and, while they are rotated, the one before. */
  readonly secrets: () => Promise<readonly string[]>;
  readonly intake: Pick<IntakeStore, 'saw'>;
  readonly enqueue: (job: IntakeJob) => Promise<void>;
  readonly word: string;
  readonly log: Log;
}

/**
 * Takes deliveries of the forge about comments, as a faster way than polls to the same place. A delivery is answered with 2xx once
 * what it names is written down, else with 503: the forge asks only once, and polls find what it could not leave here.
 */
export async function serveWebhook(app: FastifyInstance, { secrets, intake, enqueue, word, log }: WebhookParts): Promise<void> {
  await app.register(rateLimit, { global: false });
  const wrong = app.createRateLimit({ max: WRONG_PER_MINUTE, timeWindow: '1 minute' });
  // The signature is over the bytes as they came.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const refuseUnsigned = async (request: FastifyRequest, reply: FastifyReply, body: Buffer): Promise<void> => {
    if (isSigned(body, request.headers, await secrets())) return;
    log.warn({ address: request.ip }, 'A delivery without a right signature was refused.');
    const count = await wrong(request);
    if (count.isAllowed || !count.isExceeded) throw new HttpRefusal(401, UNSIGNED);
    reply.header('retry-after', count.ttlInSeconds);
    throw new HttpRefusal(429, 'Too many deliveries with a wrong signature came from this address.');
  };

  /** Record first, then enqueue. @returns whether it was new */
  const writeDown = async (job: IntakeJob): Promise<boolean> => {
    const isNew = await intake.saw(job);
    if (isNew) await enqueue(job);
    return isNew;
  };

  app.post<{ Body: Buffer | undefined }>(WEBHOOK_PATH, async (request, reply) => {
    const body = request.body ?? Buffer.alloc(0);
    await refuseUnsigned(request, reply, body);
    if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
      throw new HttpRefusal(415, 'Set the content type of the hook to application/json.');
    const delivery = readDelivery(eventsOf(request.headers), body, word);
    if (delivery.kind === 'unreadable') throw new HttpRefusal(422, delivery.why);
    if (delivery.kind === 'nothing') return { done: delivery.why };
    const writing = writeDown(delivery.job);
    const written = await within(writing, STORE_MS).catch((err: unknown) => {
      log.error({ err }, 'A delivery could not be written down.');
      return false;
    });
    if (!written) throw new HttpRefusal(503, 'The comment could not be written down in time. The next poll finds it.');
    const isNew = await writing;
    return reply.status(isNew ? 202 : 200).send({ done: isNew ? 'The comment is read next.' : 'The comment was read before.' });
  });
}
