import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examineHost, swarmCheck } from '../src/examine-host.ts';

const manager = { LocalNodeState: 'active', ControlAvailable: true };
const overlay = { Driver: 'overlay', Scope: 'swarm' };

describe('whether a host can carry out runs', () => {
  let folder: string;
  let server: Server | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ccci-host-'));
    await writeFile(join(folder, 'docker'), '#!/bin/sh\necho "Docker version 28.2.2, build x"\n');
    await chmod(join(folder, 'docker'), 0o755);
  });
  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    await rm(folder, { recursive: true });
  });

  /** What is found on a host whose engine says this of itself and of its network. */
  async function found({ swarm = manager, network = overlay }: { swarm?: object; network?: object | null } = {}, asked = {}) {
    const info = { ID: 'e', DockerRootDir: '/d', SystemTime: new Date(0), ServerVersion: '28.2.2', Swarm: swarm };
    server = createServer(({ url = '' }, response) => {
      const answer = url.startsWith('/info') ? info : network;
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { message: 'no such network' }));
    }).listen(join(folder, 'docker.sock'));
    const dockerHost = `unix://${folder}/docker.sock`;
    return await examineHost({
      dockerCli: join(folder, 'docker'),
      dockerHost,
      network: 'proxy',
      driver: 'auto',
      abra: 'abra',
      ...asked,
    });
  }
  const wrong = ({ checks }: Awaited<ReturnType<typeof found>>) => checks.filter(({ ok }) => !ok).map(({ name }) => name);

  it('is so where there are the CLI, a manager and the network', async () => {
    expect(await found()).toMatchObject({ fit: true, driver: 'swarm' });
  });

  it.each([
    ['the engine is in no Swarm', { swarm: { LocalNodeState: 'inactive', ControlAvailable: false } }, 'swarm'],
    ['the network is missing', { network: null }, 'network'],
    ['the network is of this host alone', { network: { Driver: 'bridge', Scope: 'local' } }, 'network'],
  ])('is not so where %s', async (_, engine, name) => {
    const findings = await found(engine);
    expect(findings).toMatchObject({ fit: false, driver: undefined });
    expect(wrong(findings)).toEqual([name]);
  });

  it.each([
    ['the docker CLI', { dockerCli: '/no/such/docker' }, 'docker-cli'],
    ['an engine', { dockerHost: 'unix:///no/docker.sock' }, 'engine'],
    ['abra where the settings ask for abra', { driver: 'abra', abra: 'no-such-abra' }, 'abra'],
  ])('is not so without %s', async (_, asked, name) => {
    const findings = await found({}, asked);
    expect(findings).toMatchObject({ fit: false, driver: undefined });
    expect(wrong(findings)).toEqual([name]);
  });
});

describe('the part of a host in its Swarm', () => {
  it.each([
    [undefined, false, 'Run `docker swarm init`.'],
    [{ LocalNodeState: 'pending', ControlAvailable: false }, false, 'Run `docker swarm init`.'],
    [{ LocalNodeState: 'active', ControlAvailable: false }, false, 'Let the runner use a manager: DOCKER_HOST.'],
    [manager, true, undefined],
  ])('%o is fit: %s', (swarm, ok, remedy) => {
    const check = swarmCheck(swarm);
    expect(check.ok).toBe(ok);
    expect(check.remedy).toBe(remedy);
  });
});
