import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, inject } from 'vitest';
import { defaultPatience } from '../src/patience.ts';
import { openSwarmDeployer } from '../src/swarm.ts';
import { deployerContract } from './contract-suite.ts';

describe('the Swarm driver', () => {
  const { dockerHost, dockerCli } = inject('machine');
  const scratch = mkdtempSync(join(tmpdir(), 'ccci-deploy-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const { suspectMs } = defaultPatience;
  // What production waits for out of patience with slow databases, the tests need not.
  const patience = { ...defaultPatience, crashLoopMs: 5_000, suspectMs: { ...suspectMs, unschedulable: 5_000 } };

  // The contract holds, among others, case 33, case 35, case 37 and case 43.
  deployerContract({
    deployer: openSwarmDeployer({ dockerCli, dockerHost, network: 'proxy', scratch, patience }),
    async docker(...args) {
      const { stdout } = await execa(dockerCli, ['--host', dockerHost, ...args], { extendEnv: false, env: {}, stdin: 'ignore' });
      return stdout;
    },
  });
});
