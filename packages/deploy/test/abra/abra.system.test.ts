import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { openAbra } from '../../src/abra/abra-cli.ts';
import { openAbraDeployer } from '../../src/abra/abra-deployer.ts';
import { DeployRefused, ToolUnfit } from '../../src/errors.ts';
import { defaultPatience } from '../../src/patience.ts';
import { deployerContract } from '../contract-suite.ts';
import { program, recipe } from '../recipes.ts';
import { type Host, openStage, soon } from '../stage.ts';
import { scriptedAbra } from './open-scripted.ts';

const { dockerHost, dockerCli } = inject('machine');
const scratch = mkdtempSync(join(tmpdir(), 'ccci-abra-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const { suspectMs } = defaultPatience;
const patience = { ...defaultPatience, crashLoopMs: 5_000, suspectMs: { ...suspectMs, unschedulable: 5_000 } };
const options = { dockerCli, dockerHost, network: 'proxy', scratch, patience };

/** Where `npm run abra` puts the real one. */
const REAL = fileURLToPath(new URL('../../../../.cache/abra/abra', import.meta.url));

/** A host whose abra goes wrong in this way; the real one, where there is one, does not. */
async function hostWith(wrong?: string): Promise<Host> {
  const isReal = wrong === undefined && existsSync(REAL);
  const abra = await openAbra({ file: isReal ? REAL : await scriptedAbra(scratch, dockerCli, wrong), dockerHost });
  return {
    deployer: openAbraDeployer(abra, options),
    async docker(...args) {
      const { stdout } = await execa(dockerCli, ['--host', dockerHost, ...args], { extendEnv: false, env: {}, stdin: 'ignore' });
      return stdout;
    },
  };
}

const plain = recipe({ app: `command: ${program()}` });

// Where abra itself cannot be had, a scripted one checks what it is told, and deploys what it was given.
describe('the abra driver', async () => {
  deployerContract(await hostWith());

  it('deploys under the name that operators see, from the one tree that was judged', async () => {
    const host = await hostWith();
    await using stage = await openStage(host);
    expect(stage.app.stack).toBe(stage.app.domain.replace('.', '_'));
    await stage.deploy(await stage.prepare(plain));
    const labels = await host.docker('service', 'inspect', `${stage.app.stack}_app`, '--format', '{{json .Spec.Labels}}');
    const version = JSON.parse(labels)[`coop-cloud.${stage.app.stack}.chaos-version`];
    expect(version).toMatch(/^[0-9a-f]{8}$/);
  });

  it.each([
    ['says that it is done and does nothing', 'lies', ToolUnfit, 'abra deployed nothing that carries its label'],
    ['deploys another tree', 'other tree', ToolUnfit, 'abra deployed `00000000` instead of'],
    ['fails and ends with 0', 'fatal with 0', DeployRefused, 'deploy failed: unable to do it'],
  ])('is not taken at its word where abra %s', async (_, wrong, kind, said) => {
    const host = await hostWith(wrong);
    await using stage = await openStage(host);
    const error = await host.deployer.apply(stage.app, await stage.prepare(plain), soon()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toContain(said);
  });

  it('ends an abra that waits for an answer with the run (case 69)', async () => {
    const host = await hostWith('hangs');
    await using stage = await openStage(host);
    const release = await stage.prepare(plain);
    await expect(host.deployer.apply(stage.app, release, AbortSignal.timeout(1_500))).rejects.toThrow(/time/i);
  });
});
