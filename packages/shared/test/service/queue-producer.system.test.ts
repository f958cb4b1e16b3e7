import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { IntakeJob } from '../../src/contract/queues.ts';
import { openProducer, QueueUnavailable } from '../../src/service/queue-producer.ts';
import { openWorker } from '../../src/service/queue-worker.ts';
import { openRedis } from '../../src/service/redis.ts';
import { openTestQueues, type TestQueues } from './test-queues.ts';
import { until } from './until.ts';

const comment: IntakeJob = {
  v: 1,
  repo: { id: 3, owner: 'coop', name: 'hedgedoc' },
  commentId: 8123,
  updatedAt: 1_764_000_000_000,
};

let test: TestQueues;
beforeEach(async () => {
  test = await openTestQueues(inject('machine').redisUrl);
});
afterEach(() => test[Symbol.asyncDispose]());

describe('a job that is added', () => {
  it('is one job however often it is added', async () => {
    await Promise.all([test.producer.add('intake', comment), test.producer.add('intake', comment)]);
    await test.producer.add('intake', comment, { delayMs: 1_000 });
    expect((await test.producer.counts()).intake).toEqual({ waiting: 1, active: 0, delayed: 0, completed: 0, failed: 0 });
    expect(await test.queues.intake.getJob('comment-3-8123-1764000000000')).toMatchObject({ data: comment });
  });

  it('waits as long as it is told to', async () => {
    await test.producer.add('intake', comment, { delayMs: 60_000 });
    expect((await test.producer.counts()).intake).toMatchObject({ waiting: 0, delayed: 1 });
  });

  it('is refused when it is not what the contract says', async () => {
    await expect(test.producer.add('runs', { v: 1, run: 'nonsense', attempt: 1 })).rejects.toThrow('expected a run id');
    await expect(test.producer.add('runs', { v: 1, run: '8f3a2c', attempt: 0 })).rejects.toThrow();
    expect((await test.producer.counts()).runs).toMatchObject({ waiting: 0 });
  });

  it('is refused when it holds more than names', async () => {
    const long = { ...comment, repo: { ...comment.repo, name: 'x'.repeat(2_000) } };
    await expect(test.producer.add('intake', long)).rejects.toThrow(QueueUnavailable);
  });
});

describe('reports of one subject', () => {
  it('are coalesced: of those added while one is active, the last is done after it', async () => {
    const done: string[] = [];
    const first = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    await using _worker = await openWorker(
      'reports',
      async ({ subject }) => {
        done.push(subject);
        started.resolve();
        await first.promise;
        return { done: true };
      },
      { ...test, log: test.said.log, concurrency: 4 },
    );
    await test.producer.add('reports', { v: 1, subject: 'pull-3-7' });
    await started.promise;
    for (let change = 0; change < 10; change += 1) await test.producer.add('reports', { v: 1, subject: 'pull-3-7' });
    await test.producer.add('reports', { v: 1, subject: 'pull-3-8' });
    await until(() => done.includes('pull-3-8'));
    expect(done).toEqual(['pull-3-7', 'pull-3-8']);

    first.resolve();
    await until(async () => (await test.producer.counts()).reports.completed === 3);
    expect(done).toEqual(['pull-3-7', 'pull-3-8', 'pull-3-7']);
  });
});

describe('a producer behind HTTP', () => {
  it('says at once that the queue is unavailable while Redis is away, and goes on when it is back', async () => {
    await using connection = await openRedis(test.link.url, { log: test.said.log, role: 'command' });
    const producer = openProducer({ connection, prefix: test.prefix });
    await producer.add('intake', comment);
    await test.link.cut();
    await expect(producer.add('intake', comment)).rejects.toThrow(QueueUnavailable);
    await test.link.mend();
    await until(() => connection.answers());
    await producer.add('intake', comment);
    expect((await producer.counts()).intake).toMatchObject({ waiting: 1 });
  });
});
