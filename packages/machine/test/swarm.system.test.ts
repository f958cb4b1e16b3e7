import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../src/until.ts';
import { httpsGet } from './https-get.ts';
import { deployStack, docker, SETTLED_WITHIN_MS } from './stack.ts';

const machine = inject('machine');
const PUBLISHED = 8190;

/** A page, a shell beside it, and the labels and networks that recipes have. */
const stack = {
  services: {
    app: {
      image: 'nginx:1.25.3',
      networks: ['proxy', 'internal'],
      ports: [`${PUBLISHED}:80`],
      deploy: {
        labels: [
          'traefik.enable=true',
          'traefik.docker.network=proxy',
          'traefik.http.routers.machine-test.rule=Host(`machine.test`, `www.machine.test`)',
          'traefik.http.routers.machine-test.entrypoints=web-secure',
          'traefik.http.services.machine-test.loadbalancer.server.port=80',
        ],
      },
    },
    shell: { image: 'busybox:1.36.1', command: 'sleep 3600', init: true, networks: ['internal'] },
  },
  networks: { proxy: { external: true }, internal: null },
};

describe('a stack on the machine', () => {
  let deployed: AsyncDisposable;
  beforeAll(async () => {
    deployed = await deployStack(machine, 'machine-test', stack);
  });
  afterAll(async () => {
    await deployed[Symbol.asyncDispose]();
  });

  it('is pulled under the names that the recipe has, and pinned to a digest as in production', async () => {
    const image = await docker(machine, [
      'service',
      'inspect',
      'machine-test_app',
      '-f',
      '{{.Spec.TaskTemplate.ContainerSpec.Image}}',
    ]);
    expect(image).toMatch(/^nginx:1\.25\.3@sha256:[0-9a-f]{64}$/);
  });

  it('has services that reach each other by their addresses', async () => {
    const page = await eventually(() => inShell('timeout 3 wget -q -O - http://app/'));
    expect(page).toContain('Welcome to nginx!');
    const resolved = await docker(machine, ['service', 'inspect', 'machine-test_app', '-f', '{{len .Endpoint.VirtualIPs}}']);
    expect(Number(resolved)).toBeGreaterThan(1);
  });

  it('is reached from the host at a published port', async () => {
    const answer = await eventually(() =>
      fetch(`http://${machine.engineAddress}:${PUBLISHED}/`, { signal: AbortSignal.timeout(3_000) }),
    );
    expect(await answer.text()).toContain('Welcome to nginx!');
  });

  it.each(['machine.test', 'www.machine.test'])(
    'is served over HTTPS as %s, with a certificate of the authority',
    async (host) => {
      const answer = await eventually(async () => {
        const got = await httpsGet(machine.proxy, host);
        return got.status === 200 ? got : undefined;
      });
      expect(answer.body).toContain('Welcome to nginx!');
    },
  );

  it("is not served under an unknown name: that gets traefik's own 404", async () => {
    expect(await httpsGet(machine.proxy, 'unknown.test')).toEqual({ status: 404, body: '404 page not found\n' });
  });

  it('is sent from HTTP to HTTPS', async () => {
    const answer = await fetch(`http://${machine.engineAddress}/x?y=1`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([301, `https://${machine.engineAddress}/x?y=1`]);
  });

  it('reaches the proxy as everybody does', async () => {
    await inShell(`nc -w 3 ${machine.engineAddress} 80 < /dev/null`);
  });

  it('does not reach the host', async () => {
    await using server = await listen(machine.hostAddress);
    await connects(machine.hostAddress, server.port);
    await expect(inShell(`nc -w 2 ${machine.hostAddress} ${server.port} < /dev/null`)).rejects.toThrow('timed out');
  });
});

describe('an image of the machine', () => {
  it('says that it is a stand-in', async () => {
    await docker(machine, ['pull', '-q', 'redis:7']);
    const labels: unknown = JSON.parse(await docker(machine, ['image', 'inspect', 'redis:7', '-f', '{{json .Config.Labels}}']));
    expect(labels).toEqual({ 'org.coop-cloud.cc-ci.stand-in': 'true', 'org.opencontainers.image.version': '7' });
  });

  it('that no one has is not found', async () => {
    await expect(docker(machine, ['pull', '-q', 'nginx:0.0.1'])).rejects.toThrow(
      /manifest for nginx:0\.0\.1 not found|not found/,
    );
  });
});

/** Runs a command in the stack's shell; rejects with what it said when it fails. */
async function inShell(command: string): Promise<string> {
  const container = await docker(machine, ['ps', '-q', '-f', 'name=machine-test_shell']);
  return await docker(machine, ['exec', container, 'sh', '-c', command]);
}

async function listen(host: string): Promise<AsyncDisposable & { port: number }> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

async function connects(host: string, port: number): Promise<void> {
  const socket = connect({ host, port });
  await once(socket, 'connect');
  socket.destroy();
}

/** The first answer that is no failure and not undefined: tasks and routes arrive a moment after the deployment. */
function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  return until('An answer', async () => ask().catch(() => undefined), { withinMs: SETTLED_WITHIN_MS });
}
