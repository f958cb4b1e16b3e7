import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgeContract } from '@cc-ci/forge/contract-suite';
import { startForgeDouble } from '../src/double.ts';
import { checkedFetch } from './gitea-description.ts';

const openDouble = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ccci-forge-double-'));
  const double = await startForgeDouble({ folder });
  double.addUser('root', { siteAdmin: true });
  return {
    url: double.url,
    adminToken: double.issueToken('root', ['all']),
    // Every answer is what Gitea's own description allows, or the test that asked for it fails.
    fetch: checkedFetch(double.url),
    [Symbol.asyncDispose]: async () => {
      await double[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

forgeContract('the forge double', openDouble, { deliversHere: true });
