import { posix } from 'node:path';
import { putFile, readFile } from './container-files.ts';
import type { App, ContainerFile } from './deployer.ts';
import type { Engine } from './engine.ts';
import { containerOf } from './exec.ts';

/** What a test looks at in an app is smaller; it is held in memory. Bytes. */
export const LARGEST_COPY = 16_000_000;

/** See Deployer.copyIn. */
export async function copyIn(
  engine: Engine,
  { stack }: Pick<App, 'stack'>,
  { service, path }: ContainerFile,
  { content, signal }: { content: Buffer; signal: AbortSignal },
): Promise<boolean> {
  const container = await containerOf(engine, stack, service);
  if (container === undefined) return false;
  const file = { folder: posix.dirname(path), name: posix.basename(path), content };
  return (await putFile(engine, container, file, signal)) === undefined;
}

/** See Deployer.copyOut. */
export async function copyOut(
  engine: Engine,
  { stack }: Pick<App, 'stack'>,
  { service, path }: ContainerFile,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const container = await containerOf(engine, stack, service);
  // One byte more, so that whoever asks can tell that it was cut.
  return container === undefined ? undefined : readFile(engine, container, { path, limit: LARGEST_COPY + 1 }, signal);
}
