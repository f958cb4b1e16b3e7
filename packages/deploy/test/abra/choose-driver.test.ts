import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { abraStack } from '../../src/abra/names.ts';
import { chooseDriver } from '../../src/choose-driver.ts';
import { scriptedAbra } from './open-scripted.ts';

async function choose(wanted: 'auto' | 'swarm' | 'abra', wrong?: string, dockerHost = 'unix:///var/run/docker.sock') {
  const scratch = await mkdtemp(join(tmpdir(), 'ccci-driver-'));
  onTestFinished(() => rm(scratch, { recursive: true }));
  const file = wrong === 'absent' ? 'no-such-abra' : await scriptedAbra(scratch, '/usr/bin/true', wrong);
  const options = { dockerCli: 'docker', dockerHost, network: 'proxy', scratch };
  const { deployer, why } = await chooseDriver(wanted, file, options);
  return `${deployer.driver}: ${why}`;
}

describe('the driver', () => {
  it.each<[wanted: 'auto' | 'swarm' | 'abra', abra: string | undefined, chosen: RegExp]>([
    ['auto', undefined, /^abra: Deployed by abra version/],
    ['auto', 'absent', /^swarm: abra is not used: There is no `no-such-abra` on PATH/],
    ['auto', 'old', /^swarm: abra is not used: .* does not know --no-converge-checks/],
    ['abra', undefined, /^abra: /],
    ['swarm', undefined, /^swarm: The settings ask for the Swarm driver/],
  ])('%s with an abra that is %s is %s', async (wanted, abra, chosen) => expect(await choose(wanted, abra)).toMatch(chosen));

  it('auto is the Swarm driver where the engine is none that abra would take', async () => {
    expect(await choose('auto', undefined, 'tcp://engine.test:2376')).toMatch(
      /^swarm: abra is not used: it deploys to this host’s own engine/,
    );
  });

  it.each(['absent', 'old'])('that is asked for by name is not replaced where abra is %s', async (abra) => {
    await expect(choose('abra', abra)).rejects.toThrow('deploy.driver: swarm');
  });
});

describe('a stack of abra', () => {
  it.each([
    ['hedg-8f3a2c.ci.example.org', 'hedg-8f3a2c_ci_example_org'],
    [`${'a'.repeat(41)}.org`, `${'a'.repeat(41)}_org`],
  ])('of %s is %s', (domain, stack) => expect(abraStack(domain)).toBe(stack));

  it('is never one that abra would cut', () => {
    expect(() => abraStack(`${'a'.repeat(42)}.org`)).toThrow('use a shorter `deploy.apps_domain`');
  });
});
