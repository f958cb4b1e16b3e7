import { posix } from 'node:path';
import { saveArchive, unpackArchive } from './container-archives.ts';
import type { App, Saved, VolumePart } from './deployer.ts';
import type { Engine } from './engine.ts';
import { containerAt } from './mounted-volumes.ts';

type Stack = Pick<App, 'stack'>;

/** See Deployer.save. */
export async function saveVolume(
  engine: Engine,
  app: Stack,
  { place, path, file }: VolumePart,
  signal: AbortSignal,
): Promise<Saved | undefined> {
  const container = await containerAt(engine, app, place);
  if (container === undefined) return undefined;
  // The dot: what is in the folder, not the folder itself.
  const from = path === '' ? `${place.path}/.` : posix.join(place.path, path);
  return await saveArchive(engine, container, from, file, signal);
}

/** See Deployer.giveBack. */
export async function giveBackVolume(
  engine: Engine,
  app: Stack,
  { place, path, file }: VolumePart,
  signal: AbortSignal,
): Promise<boolean> {
  const container = await containerAt(engine, app, place);
  if (container === undefined) return false;
  const folder = path === '' ? '' : posix.dirname(path).replace(/^\.$/, '');
  return (await unpackArchive(engine, container, { root: place.path, folder, file }, signal)) === undefined;
}
