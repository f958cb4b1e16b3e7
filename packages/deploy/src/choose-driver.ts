import { openAbra } from './abra/abra-cli.ts';
import { openAbraDeployer } from './abra/abra-deployer.ts';
import type { Deployer } from './deployer.ts';
import { ToolUnfit } from './errors.ts';
import { openSwarmDeployer, type SwarmOptions } from './swarm.ts';

export interface DriverChoice {
  readonly deployer: Deployer;
  /** Why it is this one, as a sentence. */
  readonly why: string;
}

/**
 * Opens the driver of the settings. `auto`: abra where there is one that knows what is needed, else the Swarm driver.
 * Throws ToolUnfit where abra is asked for by name and is not fit.
 */
export async function chooseDriver(
  wanted: 'auto' | 'swarm' | 'abra',
  abraFile: string,
  options: SwarmOptions,
): Promise<DriverChoice> {
  if (wanted === 'swarm') return { deployer: openSwarmDeployer(options), why: 'The settings ask for the Swarm driver.' };
  const abra = await openAbra({ file: abraFile, dockerHost: options.dockerHost }).catch((error: unknown) => {
    if (wanted === 'auto' && error instanceof ToolUnfit) return error;
    throw error;
  });
  if (abra instanceof ToolUnfit) return { deployer: openSwarmDeployer(options), why: `abra is not used: ${abra.message}` };
  return { deployer: openAbraDeployer(abra, options), why: `Deployed by ${abra.version}.` };
}
