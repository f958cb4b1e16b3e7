import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { DockerComposeEnvironment, type StartedDockerComposeEnvironment, Wait } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';

const machine = inject('machine');
const root = fileURLToPath(new URL('..', import.meta.url));

describe('the Redis of compose.test.yml', () => {
  let compose: StartedDockerComposeEnvironment;
  beforeAll(async () => {
    // Testcontainers and Compose read these.
    const settings = { ...machine.environment, TESTCONTAINERS_HOST_OVERRIDE: machine.engineAddress };
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    // Its own cleaner would be pulled from a registry that is not there: afterAll cleans, or else the engine goes with everything in it.
    compose = await new DockerComposeEnvironment(root, 'compose.test.yml')
      .withAutoCleanup(false)
      .withWaitStrategy('redis-1', Wait.forHealthCheck())
      .up();
  });
  afterAll(async () => {
    await compose?.down({ removeVolumes: true });
    vi.unstubAllEnvs();
  });

  it('runs on the private engine, and has a write on the disk before it answers', async () => {
    const container = compose.getContainer('redis-1');
    const redis = new Redis(container.getMappedPort(6379), container.getHost());
    try {
      expect(await redis.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
      expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
      expect(await redis.set('written', 'yes')).toBe('OK');
    } finally {
      redis.disconnect();
    }
  });
});
