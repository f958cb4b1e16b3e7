import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import type { IntakeJob, QueueName } from '../../src/contract/queues.ts';
import { type Outcome, openWorker, type Work, type Worker, type WorkerOptions } from '../../src/service/queue-worker.ts';
import { knownSecret } from '../../src/service/scrub.ts';
import { openTestQueues, type TestQueues } from './test-queues.ts';
import { until } from './until.ts';

const comment: IntakeJob = {
  v: 1,
  repo: { id: 3, owner: 'coop', name: 'hedgedoc' },
  commentId: 8123,
  updatedAt: 1_764_000_000_000,
};
const commentId = 'comment-3-8123-1764000000000';

let test: TestQueues;
beforeEach(async () => {
  test = await openTestQueues(inject('machine').redisUrl);
});
afterEach(() => test[Symbol.asyncDispose]());

function workOn<Name extends QueueName>(
  name: Name,
  work: Work<Name>,
  options: Partial<WorkerOptions> = {},
): Promise<Worker<Name>> {
  return openWorker(name, work, { connection: test.connection, prefix: test.prefix, log: test.said.log, ...options });
}

/** Waits until the queue has so many jobs in this state. */
async function reaches(queue: QueueName, state: 'active' | 'completed' | 'delayed' | 'failed', jobs = 1): Promise<void> {
  await until(async () => (await test.producer.counts())[queue][state] === jobs);
}

/** A job that is active until it is told to go on, or is aborted; one of a worker that dies heeds nothing. */
function held({ dies = false } = {}) {
  const started = Promise.withResolvers<AbortSignal>();
  const release = Promise.withResolvers<Outcome>();
  const work = async (_job: unknown, { signal }: { signal: AbortSignal }): Promise<Outcome> => {
    if (!dies) signal.addEventListener('abort', () => release.reject(signal.reason), { once: true });
    started.resolve(signal);
    return release.promise;
  };
  return { work, started: started.promise, finish: () => release.resolve({ done: true }) };
}

describe('a job', () => {
  it('is done once', async () => {
    const seen: unknown[] = [];
    await using _worker = await workOn('intake', async (job, { id }) => {
      seen.push({ job, id });
      return { done: true };
    });
    await test.producer.add('intake', comment);
    await reaches('intake', 'completed');
    expect(seen).toEqual([{ job: comment, id: commentId }]);
  });

  it('is done later when the work says so, which costs no attempt', async () => {
    const outcomes: Outcome[] = [{ done: true }, { later: 1, why: 'the forge is away' }, { later: 1, why: 'the forge is away' }];
    await using _worker = await workOn('intake', async () => outcomes.pop() ?? { done: true });
    await test.producer.add('intake', comment);
    await reaches('intake', 'completed');
    expect(outcomes).toEqual([]);
    expect(await test.queues.intake.getJob(commentId)).toMatchObject({ attemptsMade: 1, attemptsStarted: 3 });
    expect(test.said.count('the forge is away')).toBe(2);
    expect(test.said.count('"level":"error"')).toBe(0);
  });

  it('is given up when the work says so, and kept with the reason', async () => {
    await using _worker = await workOn('intake', async () => ({ giveUp: new Error('The repository is gone.') }));
    await test.producer.add('intake', comment);
    await reaches('intake', 'failed');
    expect(await test.queues.intake.getJob(commentId)).toMatchObject({
      failedReason: 'The repository is gone.',
      attemptsMade: 1,
    });
  });

  it('is given up unseen when it is not what the contract says', async () => {
    const work = vi.fn(async (): Promise<Outcome> => ({ done: true }));
    await using _worker = await workOn('runs', work);
    await test.queues.runs.add('runs', { v: 1, run: 'nonsense' }, { jobId: 'run-nonsense-1' });
    await reaches('runs', 'failed');
    const job = await test.queues.runs.getJob('run-nonsense-1');
    expect(job?.failedReason).toContain('expected a run id of 6 hex digits\n  → at run');
    expect(work).not.toHaveBeenCalled();
  });

  it('is tried again after a pause when the work throws', async () => {
    await using _worker = await workOn('intake', async () => {
      throw new Error('The socket hung up.');
    });
    await test.producer.add('intake', comment);
    await reaches('intake', 'delayed');
    expect(await test.queues.intake.getJob(commentId)).toMatchObject({ attemptsMade: 1, failedReason: 'The socket hung up.' });
  });

  it('fails at once when the work of a run throws', async () => {
    await using _worker = await workOn('runs', async () => {
      throw new Error('The engine is gone.');
    });
    await test.producer.add('runs', { v: 1, run: '8f3a2c', attempt: 1 });
    await reaches('runs', 'failed');
  });

  it('keeps no secret of what it threw', async () => {
    knownSecret('a-very-secret-token');
    await using _worker = await workOn('intake', async () => {
      throw new Error('denied', { cause: new Error('GET https://bot:pw@forge/?token=x with a-very-secret-token') });
    });
    await test.producer.add('intake', comment);
    await reaches('intake', 'delayed');
    const job = JSON.stringify(await test.queues.intake.getJob(commentId));
    expect(job).toContain('denied\\n  because: GET https://[secret]@forge/?token=[secret] with [secret]');
    expect(job + test.said.lines.join()).not.toContain('a-very-secret-token');
  });

  it('is taken from a worker that has died', async () => {
    const dead = held({ dies: true });
    const dying = await workOn('intake', dead.work, { lockMs: 1_000 });
    await test.producer.add('intake', comment);
    await dead.started;
    await dying.close(0, 0);
    await using _worker = await workOn('intake', async () => ({ done: true }), { stalledMs: 500 });
    await reaches('intake', 'completed');
  });

  it('is not taken over when it is a run: the lease in its record decides that', async () => {
    const dead = held({ dies: true });
    const work = vi.fn(async (): Promise<Outcome> => ({ done: true }));
    const dying = await workOn('runs', dead.work, { lockMs: 1_000 });
    await test.producer.add('runs', { v: 1, run: '8f3a2c', attempt: 1 });
    await dead.started;
    await dying.close(0, 0);
    await using _worker = await workOn('runs', work, { stalledMs: 500 });
    await reaches('runs', 'failed');
    expect(work).not.toHaveBeenCalled();
  });

  it('is stopped when its lock was lost', async () => {
    const { work, started } = held();
    await using _worker = await workOn('intake', work, { lockMs: 1_000 });
    await test.producer.add('intake', comment);
    const signal = await started;
    const [lock] = await test.connection.client.keys(`${test.prefix}:intake:*:lock`);
    await test.connection.client.set(lock ?? '', 'of another worker');
    await until(() => signal.aborted);
    expect(test.said.count('The locks of these jobs were lost')).toBe(1);
  });
});

describe('a worker', () => {
  it('does as many jobs at a time as it is told', async () => {
    const holds = [held(), held(), held()];
    const waiting = [...holds];
    const work: Work<'runs'> = async (job, context) => (waiting.shift() ?? held()).work(job, context);
    await using _worker = await workOn('runs', work, { concurrency: 2 });
    for (const run of ['aaaaaa', 'bbbbbb', 'cccccc']) await test.producer.add('runs', { v: 1, run, attempt: 1 });
    await Promise.all([holds[0]?.started, holds[1]?.started]);
    expect((await test.producer.counts()).runs).toMatchObject({ active: 2, waiting: 1 });
    for (const { finish } of holds) finish();
    await reaches('runs', 'completed', 3);
  });

  it.each(['poll', 'infra'] as const)('of %s is one worker, however many processes there are', async (name) => {
    const first = held();
    const more = vi.fn(first.work);
    await using _one = await workOn(name, more);
    await using _two = await workOn(name, more);
    for (const id of ['a', 'b'])
      await test.queues[name].add(name, { v: 1, duty: name === 'poll' ? 'poll' : 'sweep' }, { jobId: id });
    await first.started;
    expect((await test.producer.counts())[name]).toMatchObject({ active: 1, waiting: 1 });
    first.finish();
    await reaches(name, 'completed', 2);
  });

  it('that was idle goes on after Redis was away, and each is said once', async () => {
    await using _worker = await workOn('intake', async () => ({ done: true }));
    await test.link.cut();
    await until(() => !test.connection.answers());
    await test.link.mend();
    await test.producer.add('intake', comment);
    await reaches('intake', 'completed');
    expect(test.said.count('does not answer')).toBe(1);
    expect(test.said.count('answers again')).toBe(1);
    expect(test.said.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  it('waits for its active job when it is closed', async () => {
    const { work, started, finish } = held();
    const worker = await workOn('intake', work);
    await test.producer.add('intake', comment);
    const signal = await started;
    const closed = worker.close(60_000);
    finish();
    await closed;
    expect(signal.aborted).toBe(false);
    expect((await test.producer.counts()).intake).toMatchObject({ completed: 1, active: 0 });
  });

  it('aborts its active job when the grace is over, and waits for it to clean up', async () => {
    const { work, started } = held();
    const cleaned = vi.fn();
    const worker = await workOn('intake', (job, context) => work(job, context).finally(cleaned));
    await test.producer.add('intake', comment);
    await started;
    await worker.close(0, 60_000);
    expect(cleaned).toHaveBeenCalledOnce();
    expect((await test.producer.counts()).intake).toMatchObject({ active: 0, delayed: 1 });
  });

  it.each([
    ['idle', false],
    ['busy', true],
  ])('that is %s is closed although Redis is away, and leaves no connection', async (_, busy) => {
    const { work, started } = held();
    const worker = await workOn('intake', work);
    if (busy) {
      await test.producer.add('intake', comment);
      await started;
    }
    await test.link.cut();
    await worker.close(0, 1_000);
    await test.link.mend();
    await until(() => test.connection.answers());
    expect(test.link.connections()).toBe(1);
  });
});
