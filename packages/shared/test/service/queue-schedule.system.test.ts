import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { ensureSchedule, type Schedule } from '../../src/service/queue-schedule.ts';
import { openWorker, type Worker } from '../../src/service/queue-worker.ts';
import { openTestQueues, type TestQueues } from './test-queues.ts';
import { until } from './until.ts';

const nightly: Schedule = { pattern: '0 3 * * *', tz: 'Europe/Berlin' };
const sweep = { v: 1, duty: 'sweep' } as const;

let test: TestQueues;
let done: string[];
beforeEach(async () => {
  test = await openTestQueues(inject('machine').redisUrl);
  done = [];
});
afterEach(() => test[Symbol.asyncDispose]());

/** A process that has infra's schedule, from start to end of `while_`. */
async function withProcess(schedule: Schedule, use: (worker: Worker<'infra'>) => Promise<void> = async () => {}): Promise<void> {
  await using worker = await openWorker(
    'infra',
    async ({ duty }) => {
      done.push(duty);
      return { done: true };
    },
    { connection: test.connection, prefix: test.prefix, log: test.said.log },
  );
  await worker.schedule('nightly-sweep', schedule, sweep);
  await use(worker);
}

/** When the scheduled job is due, in ms; and how many of them there are. */
async function dueTimes(): Promise<number[]> {
  const jobs = await test.queues.infra.getDelayed();
  return jobs.map((job) => job.timestamp + (job.opts.delay ?? 0));
}

describe('a schedule', () => {
  it('is one, however many processes have it and however often they start', async () => {
    await Promise.all([withProcess(nightly), withProcess(nightly)]);
    await withProcess(nightly);
    expect(await test.queues.infra.getJobSchedulersCount()).toBe(1);
    expect(await dueTimes()).toHaveLength(1);
  });

  it('is due by the clock of its time zone', async () => {
    await withProcess(nightly);
    const [due] = await dueTimes();
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'medium' });
    expect(clock.format(due)).toBe('03:00:00');
  });

  it('adds its job at once and then at each pause', async () => {
    await withProcess({ everyMs: 200 }, async () => {
      await until(() => done.length >= 3);
    });
  });

  it('keeps the run that came due while everything was down', async () => {
    await withProcess(nightly);
    // The night passes: what was due at three is due now.
    const [job] = await test.queues.infra.getDelayed();
    await job?.changeDelay(1);
    await withProcess(nightly, async () => {
      await until(() => done.length === 1);
    });
    expect(await dueTimes()).toHaveLength(1);
  });

  it('keeps its overdue job when it is asked for again as it was', async () => {
    const everySecond: Schedule = { pattern: '* * * * * *', tz: 'UTC' };
    await ensureSchedule(test.queues.infra, 'each-second', everySecond, sweep);
    const [overdue] = await test.queues.infra.getDelayed();
    const [due = 0] = await dueTimes();
    await until(() => Date.now() > due);
    await ensureSchedule(test.queues.infra, 'each-second', everySecond, sweep);
    expect(await test.queues.infra.getDelayed()).toEqual([expect.objectContaining({ id: overdue?.id })]);
  });

  it('follows when its definition changes', async () => {
    await withProcess(nightly);
    const [before] = await dueTimes();
    await withProcess({ ...nightly, pattern: '30 4 * * *' });
    const after = await dueTimes();
    expect(after).toHaveLength(1);
    expect(after).not.toEqual([before]);
  });
});
