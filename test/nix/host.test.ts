import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const golden = fileURLToPath(new URL('../../nix/checks/golden/whole.yml', import.meta.url));
const Host = z.object({
  units: z.object({ 'cc-ci-swarm': z.object({ script: z.string() }) }),
  checksBeforeSwitching: z.object({ 'cc-ci-this-host': z.string() }),
});

/** A docker that answers what the variables say, and writes down what would change something. */
const docker = `#!/bin/sh
case "$1 $2" in
  info*) echo "$STATE" ;;
  "network inspect") [ -n "$NETWORK" ] && echo "$NETWORK" ;;
  *) echo "$*" >>"$(dirname "$0")/done" ;;
esac
`;

let folder: string;
let host: z.infer<typeof Host>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ccci-nix-host-'));
  await writeFile(join(folder, 'docker'), docker, { mode: 0o755 });
  host = Host.parse(parse(await readFile(golden, 'utf8')));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the script of the unit as NixOS does, on a host with this Swarm and this network. */
async function makeSwarm(state: string, network: string) {
  await writeFile(join(folder, 'done'), '');
  const env = { PATH: `${folder}:/usr/bin:/bin`, STATE: state, NETWORK: network };
  const script = host.units['cc-ci-swarm'].script;
  const { exitCode, stderr } = await execa('bash', ['-e', '-c', script], { env, extendEnv: false, reject: false });
  return { exitCode, stderr, done: (await readFile(join(folder, 'done'), 'utf8')).trim().split('\n').filter(Boolean) };
}

const init = 'swarm init --advertise-addr 127.0.0.1 --default-addr-pool 10.32.0.0/12 --default-addr-pool-mask-length 24';
const create = 'network create --driver overlay --attachable --subnet 10.10.0.0/16 proxy';

describe('a host that is activated', () => {
  it.each<[string, string, string, string[]]>([
    ['is made a Swarm with the network of the proxy, where it is none', 'inactive false', '', [init, create]],
    ['is given the network, where only that is missing', 'active true', '', [create]],
    ['is left as it is, where all is there', 'active true', 'overlay 10.10.0.0/16', []],
  ])('%s', async (_, state, network, done) => {
    expect(await makeSwarm(state, network)).toMatchObject({ exitCode: 0, done });
  });

  it.each<[string, string, string, string]>([
    [
      'the network is there with few addresses',
      'active true',
      'overlay 10.0.1.0/24',
      'overlay 10.0.1.0/24. Wanted is: overlay 10.10.0.0/16',
    ],
    ['the host is a worker of another Swarm', 'active false', '', 'belongs to a Swarm that it does not manage (active false)'],
  ])('changes nothing and says why, where %s', async (_, state, network, words) => {
    const { exitCode, stderr, done } = await makeSwarm(state, network);
    expect({ exitCode, done }).toEqual({ exitCode: 1, done: [] });
    expect(stderr).toContain(words);
  });

  it('is not switched to the configuration of another host', async () => {
    const check = host.checksBeforeSwitching['cc-ci-this-host'];
    const script = (id: string) => check.replace('/etc/machine-id', join(folder, id));
    await writeFile(join(folder, 'right'), '0123456789abcdef0123456789abcdef\n');
    await writeFile(join(folder, 'wrong'), 'ffffffffffffffffffffffffffffffff\n');
    expect((await execa('bash', ['-e', '-c', script('right')])).exitCode).toBe(0);
    const { exitCode, stderr } = await execa('bash', ['-e', '-c', script('wrong')], { reject: false });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/for ci-1 .* this host is ffffffffffffffffffffffffffffffff\. Nothing was switched/);
  });
});
