import { type Machine, type MachineDescription, startMachine } from '@cc-ci/machine/machine';
import { MachineRefused } from '@cc-ci/machine/refusal';
import type { TestProject } from 'vitest/node';
import { standInImages } from './stand-in-images.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The machine that all system tests share: `inject('machine')`. */
    machine: MachineDescription;
  }
}

/** Starts one machine for all system tests and removes it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const machine = await startOrRefuse();
  project.provide('machine', machine.description);
  return async () => {
    await machine[Symbol.asyncDispose]();
  };
}

async function startOrRefuse(): Promise<Machine> {
  try {
    return await startMachine({ images: standInImages, report: (step) => process.stderr.write(`machine: ${step}\n`) });
  } catch (error) {
    if (!(error instanceof MachineRefused)) throw error;
    process.stderr.write(`cc-ci: ${error.message}\n`);
    process.exit(error.exitCode);
  }
}
