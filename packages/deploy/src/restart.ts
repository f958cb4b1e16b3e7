import { isEngineTrouble } from './apply.ts';
import type { App } from './deployer.ts';
import type { Call, DockerCli } from './docker-cli.ts';
import { DeployRefused, EngineUnavailable } from './errors.ts';

/** See Deployer.restart. */
export async function restartServices(
  cli: DockerCli,
  { stack }: Pick<App, 'stack'>,
  services: readonly string[],
  call: Call,
): Promise<void> {
  for (const service of services) {
    const { succeeded, stderr } = await cli.run(['service', 'update', '--force', '--detach', `${stack}_${service}`], call);
    if (succeeded) continue;
    const said = stderr.trim();
    throw isEngineTrouble(said) ? new EngineUnavailable('restart a service', said) : new DeployRefused(said);
  }
}
