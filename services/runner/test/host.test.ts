import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { DiskTooFull, openDisk } from '../src/disk.ts';
import { openHostLock } from '../src/host-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ccci-host-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the disk of a host', () => {
  it('has room for a run that asks for none', async () => {
    await openDisk('tcp://127.0.0.1:1', folder).require(0);
  });

  it('is too full for a run that asks for more than there is', async () => {
    await expect(openDisk('tcp://127.0.0.1:1', folder).require(1e9)).rejects.toThrow(DiskTooFull);
  });

  it('is looked at where the engine keeps its data', async () => {
    const socket = join(folder, 'docker.sock');
    // Nothing is ever free below /proc.
    const engine = createServer((_, response) => response.end(JSON.stringify({ DockerRootDir: '/proc' })));
    await new Promise<void>((resolve) => engine.listen(socket, resolve));
    expect(await openDisk(`unix://${socket}`, folder).isFull()).toBe(true);
    await new Promise((resolve) => engine.close(resolve));
  });

  it('is looked at in our own folder where the engine does not answer', async () => {
    await openDisk(`unix://${folder}/nobody.sock`, folder).require(0);
  });
});

describe('a host lock', () => {
  it('is held by one at a time, and again when it is given back', async () => {
    await using first = openHostLock(folder);
    await using second = openHostLock(folder);
    expect([await first.hold(), await first.hold(), await second.hold()]).toEqual([true, true, false]);
    await first[Symbol.asyncDispose]();
    expect(await second.hold()).toBe(true);
  });

  it('is free when its holder was killed', async () => {
    const script = `import { openHostLock } from ${JSON.stringify(new URL('../src/host-lock.ts', import.meta.url).href)};
      process.stdout.write(String(await openHostLock(${JSON.stringify(folder)}).hold()));
      setInterval(() => undefined, 1000);`;
    const holder = execa(process.execPath, ['--input-type=module', '--eval', script], { reject: false });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    await using lock = openHostLock(folder);
    expect(await lock.hold()).toBe(false);
    holder.kill('SIGKILL');
    await holder;
    expect(await lock.hold()).toBe(true);
  });

  it('does not stand in the way of another name', async () => {
    await using one = openHostLock(`${folder} 1`);
    await using two = openHostLock(`${folder} 2`);
    expect([await one.hold(), await two.hold()]).toEqual([true, true]);
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
