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

/** Where abra finds the engine of the host that it runs on. */
const LOCAL_ENGINES = ['unix:///var/run/docker.sock', 'unix:///run/docker.sock'];

export function isLocalEngine(dockerHost: string): boolean {
  return LOCAL_ENGINES.includes(dockerHost);
}

/**
 * Opens the driver of the settings. `auto`: abra where there is one that knows what is needed, and the engine is the one that abra
 * calls local; else the Swarm driver. An abra that took another engine than we look at would leave there what it deployed.
 * Throws ToolUnfit where abra is asked for by name and is not fit.
 */
export async function chooseDriver(
  wanted: 'auto' | 'swarm' | 'abra',
  abraFile: string,
  options: SwarmOptions,
): Promise<DriverChoice> {
  if (wanted === 'swarm') return { deployer: openSwarmDeployer(options), why: 'The settings ask for the Swarm driver.' };
  if (wanted === 'auto' && !isLocalEngine(options.dockerHost))
    return {
      deployer: openSwarmDeployer(options),
      why: `abra is not used: it deploys to this host’s own engine, not to ${options.dockerHost}.`,
    };
  const abra = await openAbra({ file: abraFile, dockerHost: options.dockerHost }).catch((error: unknown) => {
    if (wanted === 'auto' && error instanceof ToolUnfit) return error;
    throw error;
  });
  if (abra instanceof ToolUnfit) return { deployer: openSwarmDeployer(options), why: `abra is not used: ${abra.message}` };
  return { deployer: openAbraDeployer(abra, options), why: `Deployed by ${abra.version}.` };
}
