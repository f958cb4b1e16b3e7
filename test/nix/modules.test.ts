import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bringNix, type Nix } from '@cc-ci/machine/nix';
import { Settings } from '@cc-ci/shared/contract/settings';
import { environmentTable, readEnv } from '@cc-ci/shared/service/env';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { RUNNER_GRACE_MS } from '../../services/runner/src/service.ts';
import { environments } from '../environments.ts';
import { NixOption, optionsPage } from './options-page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}nix`;
const services = Object.entries(environments);

const Unit = z.object({
  environment: z.record(z.string(), z.string()).default({}),
  serviceConfig: z.looseObject({
    LoadCredential: z.array(z.string()).default([]),
    TimeoutStopSec: z.number().optional(),
    DynamicUser: z.boolean().optional(),
    User: z.string().optional(),
    SupplementaryGroups: z.array(z.string()).default([]),
    ProtectSystem: z.string().optional(),
    NoNewPrivileges: z.boolean().optional(),
  }),
});
const Machine = z.object({ settings: z.unknown(), units: z.record(z.string(), Unit) });

let nix: Nix;
/** One host that is all of cc-ci. */
let whole: z.infer<typeof Machine>;
/** The same, with something set otherwise. */
const changed = async (changes: object) =>
  Machine.parse(
    await nix.evaluate(`${folder}/checks/evaluate.nix`, { machine: 'whole', changes: { services: { 'cc-ci': changes } } }),
  );

beforeAll(async () => {
  nix = await bringNix((step) => process.stderr.write(`${step}\n`));
  whole = await changed({});
}, 120_000);

describe('the Nix files', () => {
  it('can all be parsed', async () => {
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.nix'));
    expect(files).toContain('flake.nix');
    await nix.parse(files.map((file) => `${folder}/${file}`));
  });

  it.each(['whole', 'runner', 'redis'])('make of the machine %s what its golden file says', async (machine) => {
    const made = await nix.evaluate(`${folder}/checks/evaluate.nix`, { machine });
    await expect(stringify(made, { lineWidth: 0 })).toMatchFileSnapshot(`${folder}/checks/golden/${machine}.yml`);
  });

  it('are told of option by option, with a sentence each', async () => {
    const options = z.array(NixOption).parse(await nix.evaluate(`${folder}/checks/options.nix`, {}));
    await expect(optionsPage(options)).toMatchFileSnapshot(`${root}docs/nix-options.md`);
    const sentences = options.map(({ description }) => description);
    for (const [name, schema] of services)
      for (const row of environmentTable(schema).filter(
        (each) => !['REDIS_URL', 'CCCI_SETTINGS', 'CCCI_HOST'].includes(each.name),
      ))
        expect(sentences, name).toContainEqual(expect.stringContaining(row.sentence));
  });
});

describe('the units', () => {
  it.each(services)('give %s an environment that it takes', async (name, schema) => {
    const { units } = whole;
    const { environment = {}, serviceConfig } = units[`cc-ci-${name}`] ?? {};
    expect(() => readEnv(schema, environment)).not.toThrow();
    const files = Object.keys(environment).filter((variable) => variable.endsWith('_FILE'));
    expect(files.map((variable) => environment[variable])).toEqual(files.map((variable) => `%d/${variable}`));
    expect(serviceConfig?.LoadCredential.map((line) => line.split(':')[0])).toEqual(files);
  });

  it('write an instance file that the services take', async () => {
    const { settings } = whole;
    expect(Settings.parse(settings)).toMatchObject({
      instance: 'coop',
      schedules: { sweep: null },
      timeouts: { http_seconds: 90.5, run_minutes: 60 },
      infra: { apps: { traefik: { owner: 'reconciler' } } },
    });
  });

  it.each(services)('confine %s, and only the runner has the engine', async (name) => {
    const { units } = whole;
    const config = units[`cc-ci-${name}`]?.serviceConfig;
    expect(config).toMatchObject({ ProtectSystem: 'strict', NoNewPrivileges: true, DynamicUser: name !== 'runner' });
    expect(config?.SupplementaryGroups).toEqual(name === 'runner' ? ['docker'] : []);
  });

  it('wait for a runner that stops until it has cleaned up', async () => {
    const { units } = whole;
    expect(units['cc-ci-runner']?.serviceConfig.TimeoutStopSec).toBeGreaterThan(RUNNER_GRACE_MS / 1000);
  });

  it('bring infrastructure apps back at each activation only where that is asked for', async () => {
    expect(Object.keys(whole.units)).toContain('cc-ci-infra-reconcile');
    const { units } = await changed({ infra: { reconcileAtActivation: false } });
    expect(Object.keys(units)).not.toContain('cc-ci-infra-reconcile');
    expect(Object.keys(units)).toContain('cc-ci-infra');
  });
});

describe('a machine is refused before it is built', () => {
  it.each<[string, object, string]>([
    ['a setting is misspelt', { settings: { forge: { ur1: 'https://git.example.org' } } }, 'settings.forge.ur1'],
    ['a setting is of the wrong kind', { settings: { deploy: { proxy_port: 'https' } } }, 'integer between 1 and 65535'],
    ['a setting is out of range', { settings: { tests: { memory_mb: 1 } } }, 'integer of 64 or more'],
    ['an owner is unknown', { settings: { infra: { apps: { traefik: { owner: 'nobody' } } } } }, '"reconciler", "maintainer"'],
    ['an option does not exist', { runner: { capacities: 2 } }, "services.cc-ci.runner.capacities' does not exist"],
    ['a secret would lie in the store', { trigger: { forgeTokenFile: '/nix/store/x-token' } }, 'outside of the Nix store'],
    ['a password would lie in the store', { redisUrl: 'redis://:secret@redis.example.org:6379' }, 'holds a password'],
    ['nobody says where Redis is', { redisUrl: null }, 'not told where Redis is'],
    ['Redis would be open to others', { host: { redis: { bind: '0.0.0.0' } } }, 'without a password'],
    ['the runner has no engine', { host: { enable: false } }, 'needs the Docker engine'],
    ['the runner writes where it may not', { runner: { stateDir: '/srv/runner' } }, 'below /var/lib'],
    ['the name of the host is no name', { hostName: 'CI_1' }, 'services.cc-ci.hostName'],
  ])('because %s', async (_, changes, words) => {
    await expect(changed(changes)).rejects.toThrow(words);
  });
});
