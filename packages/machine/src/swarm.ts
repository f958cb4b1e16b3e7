import { existsSync } from 'node:fs';
import type { Engine } from './engine.ts';

/** Makes the engine a Swarm of one node, which listens on the engine's loopback only: containers do not reach the manager. */
export async function initSwarm({ docker }: Engine): Promise<void> {
  await docker.swarmInit({ AdvertiseAddr: '127.0.0.1', ListenAddr: '127.0.0.1:2377' });
}

/**
 * Whether the kernel balances service addresses itself. Ask after {@link initSwarm}: the engine loads the module where it can,
 * and nothing but this file tells.
 */
export function kernelHasIpvs({ pid }: Engine): boolean {
  return existsSync(`/proc/${pid}/net/ip_vs`);
}
