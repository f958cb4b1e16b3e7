import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineUnavailable } from '@cc-ci/deploy/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { DiskTooFull, openDisk } from '../src/disk.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ccci-host-'));
});
afterEach(() => rm(folder, { recursive: true }));

const engineAt = (dataFolder: string) => ({ host: async () => ({ engine: 'E1', dataFolder }) });
const noEngine = {
  host: async () => {
    throw new EngineUnavailable('tell about itself', 'gone');
  },
};
const here = 'unix:///var/run/docker.sock';

describe('the disk of a host', () => {
  it('has room for a run that asks for none', async () => {
    await openDisk(engineAt(folder), here, folder).require(0);
  });

  it('is too full for a run that asks for more than there is', async () => {
    await expect(openDisk(engineAt(folder), here, folder).require(1e9)).rejects.toThrow(DiskTooFull);
  });

  // Nothing is ever free below /proc.
  it('is looked at where the engine keeps its data', async () => {
    expect(await openDisk(engineAt('/proc'), here, folder).isFull()).toBe(true);
  });

  it.each([
    ['does not answer', noEngine, here],
    ['is on another machine', engineAt('/proc'), 'tcp://10.0.0.1:2375'],
  ])('is looked at in our own folder where the engine %s', async (_, engine, dockerHost) => {
    await openDisk(engine, dockerHost, folder).require(0);
  });
});

describe('the configuration of a runner', () => {
  it('needs to know Redis and the instance file, and nothing else', async () => {
    const file = join(folder, 'cc-ci.yml');
    const sections = ['instance: one', 'forge: { url: http://forge.test }', 'enrol: { owners: [coop] }'];
    const more = ['deploy: { apps_domain: ci.test }', 'dashboard: { public_url: http://ci.test }'];
    await writeFile(file, [...sections, ...more].join('\n'));
    const { config } = await readConfig({ REDIS_URL: 'redis://localhost', CCCI_SETTINGS: file });
    expect(config).toMatchObject({ CCCI_HOST: 'local', CCCI_CAPACITY: 1, DOCKER_HOST: 'unix:///var/run/docker.sock' });
  });

  it('is refused with all its mistakes at once', async () => {
    const wrong = { REDIS_URL: 'nowhere', CCCI_CAPACITY: '0', DOCKER_HOST: '/var/run/docker.sock', CCCI_STATE: 'here' };
    const mistakes = /REDIS_URL[\s\S]*CCCI_STATE[\s\S]*CCCI_CAPACITY[\s\S]*DOCKER_HOST/;
    await expect(readConfig({ ...wrong, CCCI_SETTINGS: join(folder, 'absent.yml') })).rejects.toThrow(mistakes);
  });
});
