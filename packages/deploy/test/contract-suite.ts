import { describe } from 'vitest';
import { dataContract } from './contract-data.ts';
import { deployingContract } from './contract-deploying.ts';
import { failingContract } from './contract-failing.ts';
import { preparingContract } from './contract-preparing.ts';
import { removingContract } from './contract-removing.ts';
import type { Host } from './stage.ts';

/** The promises of deployer.ts, tried on a real engine. Every driver is held to them. Tests share the host, and run at the same time. */
export function deployerContract(host: Host): void {
  describe.concurrent('preparing and pulling', () => preparingContract(host));
  describe.concurrent('a deployment', () => deployingContract(host));
  describe.concurrent('a deployment that fails', () => failingContract(host));
  describe.concurrent('the data of an app', () => dataContract(host));
  describe.concurrent('a removal', () => removingContract(host));
}
