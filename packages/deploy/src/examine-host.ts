import { openAbra } from './abra/abra-cli.ts';
import type { Check } from './check.ts';
import { isLocalEngine } from './choose-driver.ts';
import { openDockerCli } from './docker-cli.ts';
import { type Engine, openEngine } from './engine.ts';
import { EngineUnavailable, ToolUnfit } from './errors.ts';
import type { SwarmOptions } from './swarm.ts';

/** What is asked of a host, with the settings that it would run under. */
export interface HostQuestions extends Pick<SwarmOptions, 'dockerCli' | 'dockerHost' | 'network'> {
  /** abra, by its name on PATH or an absolute path. */
  readonly abra: string;
  readonly driver: 'auto' | 'abra' | 'swarm';
}

/** What was found on a host. */
export interface HostFindings {
  /** Whether runs can be carried out here. */
  readonly fit: boolean;
  /** What would deploy here; undefined where nothing could. */
  readonly driver: 'abra' | 'swarm' | undefined;
  readonly checks: readonly Check[];
}

/** Looks whether runs can be carried out on a host, and by what. Changes nothing. */
export async function examineHost(questions: HostQuestions): Promise<HostFindings> {
  const host = [await cliCheck(questions), ...(await engineChecks(questions))];
  const hostFit = host.every(({ ok }) => ok);
  const swarm = (checks: readonly Check[]): HostFindings => ({
    fit: hostFit,
    driver: hostFit ? 'swarm' : undefined,
    checks: [...host, ...checks],
  });
  if (questions.driver === 'swarm') return swarm([]);
  if (questions.driver === 'auto' && !isLocalEngine(questions.dockerHost)) return swarm([]);
  const checks = [await abraCheck(questions)];
  const fit = hostFit && checks.every(({ ok }) => ok);
  if (fit || questions.driver === 'abra') return { fit, driver: fit ? 'abra' : undefined, checks: [...host, ...checks] };
  // Nobody has to have abra: where it is not fit, the other driver deploys.
  return swarm(checks.map((check) => ({ ...check, optional: true })));
}

function abraCheck({ abra, dockerHost }: HostQuestions): Promise<Check> {
  return toolCheck('abra', async () => `${(await openAbra({ file: abra, dockerHost })).version} knows what is needed.`);
}

function cliCheck({ dockerCli, dockerHost }: HostQuestions): Promise<Check> {
  const cli = openDockerCli({ file: dockerCli, host: dockerHost, configFolder: '/dev/null' });
  return toolCheck('docker-cli', async () => `The docker CLI is of version ${await cli.majorVersion()}.`);
}

/** @param look says what was found, or throws ToolUnfit */
async function toolCheck(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, says: await look() };
  } catch (error) {
    if (!(error instanceof ToolUnfit)) throw error;
    return { name, ok: false, says: error.message };
  }
}

async function engineChecks({ dockerHost, network }: HostQuestions): Promise<Check[]> {
  try {
    const engine = openEngine(dockerHost);
    const { ServerVersion, Swarm } = await engine.info();
    const there: Check = { name: 'engine', ok: true, says: `The Docker engine ${ServerVersion} answers at ${dockerHost}.` };
    const manager = swarmCheck(Swarm);
    return manager.ok ? [there, manager, await networkCheck(engine, network)] : [there, manager];
  } catch (error) {
    if (!(error instanceof EngineUnavailable)) throw error;
    const remedy = 'Start Docker, let this user reach it, and check DOCKER_HOST.';
    return [{ name: 'engine', ok: false, says: error.message, remedy }];
  }
}

/** @param swarm what the engine says of its part in a Swarm */
export function swarmCheck(swarm: { LocalNodeState: string; ControlAvailable: boolean } | undefined): Check {
  if (swarm?.LocalNodeState !== 'active')
    return { name: 'swarm', ok: false, says: 'This host is not in a Swarm.', remedy: 'Run `docker swarm init`.' };
  if (!swarm.ControlAvailable)
    return {
      name: 'swarm',
      ok: false,
      says: 'This host is a worker of its Swarm.',
      remedy: 'Let the runner use a manager: DOCKER_HOST.',
    };
  return { name: 'swarm', ok: true, says: 'It is a manager of its Swarm.' };
}

async function networkCheck(engine: Engine, name: string): Promise<Check> {
  const found = await engine.network(name);
  if (found?.Driver === 'overlay' && found.Scope === 'swarm')
    return { name: 'network', ok: true, says: `The network \`${name}\` is there.` };
  const says = found ? `The network \`${name}\` is not of the Swarm.` : `There is no network \`${name}\`.`;
  const create = `docker network create --driver overlay ${name}`;
  return { name: 'network', ok: false, says, remedy: found ? `Remove it, then run \`${create}\`.` : `Run \`${create}\`.` };
}
