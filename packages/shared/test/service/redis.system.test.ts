import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { openRedis } from '../../src/service/redis.ts';
import { memoryLog } from './memory-log.ts';
import { openLink, type SeverableLink } from './severable-link.ts';
import { until } from './until.ts';

let link: SeverableLink;
beforeEach(async () => {
  link = await openLink(inject('machine').redisUrl);
});
afterEach(() => link[Symbol.asyncDispose]());

describe('a connection to Redis', () => {
  it('is waited for while Redis is away, which is said once, and once that it is back', async () => {
    const { log, count } = memoryLog();
    await link.cut();
    const opening = openRedis(link.url, { log, role: 'queue' });
    await until(() => count('does not answer; waiting for it.') > 0);
    await link.mend();
    await using redis = await opening;
    expect(await redis.client.ping()).toBe('PONG');
    expect(count('does not answer')).toBe(1);
    expect(count('answers again.')).toBe(1);
  });

  it('says nothing when all is well', async () => {
    const { log, lines } = memoryLog();
    await using redis = await openRedis(link.url, { log, role: 'queue' });
    expect(redis.answers()).toBe(true);
    expect(lines).toEqual([]);
  });

  it('is given up when the process is told to stop first', async () => {
    await link.cut();
    const stop = new AbortController();
    const opening = openRedis(link.url, { log: memoryLog().log, role: 'queue', signal: stop.signal });
    stop.abort();
    await expect(opening).rejects.toThrow('aborted');
    await link.mend();
    expect(link.connections()).toBe(0);
  });

  it('holds its commands back while Redis is away, for a queue', async () => {
    await using redis = await openRedis(link.url, { log: memoryLog().log, role: 'queue' });
    await link.cut();
    await until(() => !redis.answers());
    const pinged = redis.client.ping();
    await link.mend();
    expect(await pinged).toBe('PONG');
  });

  it('fails its commands at once while Redis is away, for whoever has to answer', async () => {
    await using redis = await openRedis(link.url, { log: memoryLog().log, role: 'command' });
    await link.cut();
    await until(() => !redis.answers());
    await expect(redis.client.ping()).rejects.toThrow('enableOfflineQueue');
    await link.mend();
    await until(() => redis.answers());
    expect(await redis.client.ping()).toBe('PONG');
  });

  it.each(['queue', 'command'] as const)('is closed although Redis is away, for %s', async (role) => {
    const { log, count } = memoryLog();
    const redis = await openRedis(link.url, { log, role });
    await link.cut();
    await until(() => !redis.answers());
    await redis[Symbol.asyncDispose]();
    await link.mend();
    expect(redis.client.status).toBe('end');
    expect(count('does not answer')).toBe(1);
  });
});
