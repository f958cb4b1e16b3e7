import { execa } from 'execa';
import { stringify } from 'yaml';
import type { MachineDescription } from '../src/machine.ts';
import { until } from '../src/until.ts';

/** A stack of a test is up or gone within this, in milliseconds: seconds on an idle machine. */
export const SETTLED_WITHIN_MS = 60_000;

/** Runs the docker CLI against the machine; returns what it printed. */
export async function docker(
  { dockerCli, environment }: MachineDescription,
  args: readonly string[],
  input = '',
): Promise<string> {
  const { stdout } = await execa(dockerCli, args, { env: { ...environment }, extendEnv: false, input });
  return stdout;
}

/** Deploys a stack; disposing it removes it and waits until nothing of it is left. */
export async function deployStack(machine: MachineDescription, name: string, document: object): Promise<AsyncDisposable> {
  await docker(
    machine,
    ['stack', 'deploy', '--detach=true', '--compose-file', '-', name],
    stringify({ version: '3.8', ...document }),
  );
  return {
    async [Symbol.asyncDispose]() {
      await until(`The removal of stack ${name}`, () => removed(machine, name), { withinMs: SETTLED_WITHIN_MS });
    },
  };
}

async function removed(machine: MachineDescription, name: string): Promise<boolean> {
  const label = `label=com.docker.stack.namespace=${name}`;
  await docker(machine, ['stack', 'rm', '--detach=true', name]).catch(() => undefined);
  const containers = (await docker(machine, ['ps', '-aq', '-f', label])).split('\n').filter(Boolean);
  if (containers.length > 0) await docker(machine, ['rm', '-f', ...containers]).catch(() => undefined);
  const left = await Promise.all([
    docker(machine, ['ps', '-aq', '-f', label]),
    docker(machine, ['network', 'ls', '-q', '-f', label]),
  ]);
  return left.join('') === '';
}
