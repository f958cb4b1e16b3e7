import { access, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readEnv } from '@cc-ci/shared/service/env';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { RUNNER_GRACE_MS } from '../services/runner/src/service.ts';
import { environments } from './environments.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const services = Object.entries(environments);
const everyone = [...Object.keys(environments), 'redis'];

/** All that is said of a service: `privileged`, `pid` and the like are refused by their absence here. */
const Service = z.strictObject({
  build: z.unknown().optional(),
  init: z.boolean().optional(),
  tmpfs: z.array(z.string()).default([]),
  restart: z.string(),
  configs: z.unknown().optional(),
  image: z.string(),
  command: z.string(),
  user: z.string(),
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()),
  stop_grace_period: z.string().regex(/^\d+s$/),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  secrets: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  healthcheck: z.looseObject({ test: z.array(z.string()) }),
});
const Compose = z.object({
  services: z.record(z.string(), Service),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() }).nullable()),
});
const compose = Compose.parse(parse(await readFile(`${root}compose.yml`, 'utf8'), { merge: true }));
const service = (name: string) => Service.parse(compose.services[name]);

/** What Compose puts in for `${NAME:-default}` and `${NAME:?sentence}`. */
const filledIn = (value: string | number): string =>
  String(value).replaceAll(/\$\{\w+:([-?])([^}]*)\}/g, (_, how, rest) => (how === '-' ? rest : 'given'));

describe('compose.yml', () => {
  it('has the four services and Redis', () => {
    expect(Object.keys(compose.services).toSorted()).toEqual(everyone.toSorted());
  });

  it.each(everyone)('confines %s', (name) => {
    expect(service(name)).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service(name).healthcheck.test.length).toBeGreaterThan(1);
  });

  it.each(everyone.filter((name) => name !== 'runner'))('gives %s neither root, nor a capability, nor the engine', (name) => {
    const { user, cap_add, volumes } = service(name);
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(cap_add).toEqual([]);
    expect(volumes.join()).not.toMatch(/docker|^\//);
  });

  it('gives the runner the engine, its folder under the same path, no port and no token that writes', () => {
    const { volumes, cap_add, ports, secrets } = service('runner');
    expect(volumes).toEqual(['/var/run/docker.sock:/var/run/docker.sock', '/var/lib/cc-ci-runner:/var/lib/cc-ci-runner']);
    expect({ cap_add, ports, secrets }).toEqual({ cap_add: ['DAC_OVERRIDE'], ports: [], secrets: [] });
  });

  it.each(services)('gives %s an environment that it takes, and no other', (name, schema) => {
    const environment = Object.fromEntries(
      Object.entries(service(name).environment).map(([key, value]) => [key, filledIn(value)]),
    );
    expect(() => readEnv(schema, environment)).not.toThrow();
    expect(Object.keys(environment).filter((variable) => !(variable in schema.shape))).toEqual([]);
  });

  it.each(services)('names as secrets of %s files that it is given, and gives it no more', async (name) => {
    const { environment, secrets, command } = service(name);
    const files = Object.entries(environment).filter(([variable]) => variable.endsWith('_FILE'));
    expect(files.map(([, path]) => path).toSorted()).toEqual(secrets.map((secret) => `/run/secrets/${secret}`).toSorted());
    expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining(secrets));
    await access(`${root}${command.replace('node ', '')}`);
  });

  it('keeps what Redis has answered, and lets nobody reach it but the services', () => {
    const redis = service('redis');
    expect(redis.command).toBe('redis-server --appendonly yes --appendfsync always --maxmemory-policy noeviction');
    expect(redis).toMatchObject({ networks: ['records'], ports: [], volumes: ['records:/data'] });
    expect(compose.networks['records']).toEqual({ internal: true });
  });

  it('publishes on this host only', () => {
    const ports = everyone.flatMap((name) => service(name).ports);
    expect(ports).toHaveLength(3);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('waits for a runner that stops until it has cleaned up', () => {
    expect(Number.parseInt(service('runner').stop_grace_period, 10)).toBeGreaterThan(RUNNER_GRACE_MS / 1000);
  });
});
