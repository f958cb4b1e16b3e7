import type { Queue } from 'bullmq';
import type { JobOf, QueueName } from '../contract/queues.ts';
import { queueRows } from './queue-policy.ts';
import { type Counts, countsOf, openQueues, type QueuePlace } from './queues.ts';

export interface AddOptions {
  /** Not before this many milliseconds from now. */
  readonly delayMs?: number;
}

/** Puts jobs into queues. Lives as long as the connection it was opened on. */
export interface Producer {
  /**
   * Adds a job; one that is there already under the same id is left as it is, which is no error. On a coalescing queue the
   * last job added while another of its id is active runs after that one. A job that has ended does not stand in the way: whether
   * something is still owed is for the record to say, and whoever adds has read it.
   * Rejects with a ZodError when the job is not what the contract says, with QueueUnavailable when Redis does not take it.
   */
  add<Name extends QueueName>(name: Name, job: JobOf<Name>, options?: AddOptions): Promise<void>;
  counts(): Promise<Record<QueueName, Counts>>;
}

/** Redis did not take a job. Whoever asked over HTTP is told to ask again. */
export class QueueUnavailable extends Error {
  override readonly name = 'QueueUnavailable';
  readonly statusCode = 503;
  readonly queue: QueueName;

  constructor(queue: QueueName, options: ErrorOptions) {
    super(`The queue ${queue} cannot take a job at the moment. Nothing was started; please ask again later.`, options);
    this.queue = queue;
  }
}

/** Opens a producer for all queues of an instance. */
export function openProducer(place: QueuePlace): Producer {
  const queues = openQueues(place);
  return {
    async add(name, job, { delayMs = 0 } = {}) {
      const { schema, idOf, coalesce } = queueRows[name];
      const data = schema.parse(job);
      const id = idOf(data);
      const sieve = coalesce ? { deduplication: { id, keepLastIfActive: true } } : { jobId: id };
      try {
        if (!coalesce) await freeFinished(queues[name], id);
        await queues[name].add(name, data, { ...sieve, delay: delayMs });
      } catch (cause) {
        throw new QueueUnavailable(name, { cause });
      }
    },
    async counts() {
      const [poll, intake, runs, reports, infra] = await Promise.all([
        countsOf(queues.poll),
        countsOf(queues.intake),
        countsOf(queues.runs),
        countsOf(queues.reports),
        countsOf(queues.infra),
      ]);
      return { poll, intake, runs, reports, infra };
    },
  };
}

/** Gives back the id of a job that has completed or failed, so that the same thing can be asked for again. */
async function freeFinished(queue: Queue, id: string): Promise<void> {
  const job = await queue.getJob(id);
  if (job && ((await job.isCompleted()) || (await job.isFailed()))) await job.remove();
}
