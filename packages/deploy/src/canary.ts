import { holdsAnything, putFile, readFile } from './container-files.ts';
import type { App, MountedVolume } from './deployer.ts';
import type { Engine } from './engine.ts';
import { containerAt } from './mounted-volumes.ts';

/** Hidden, and named so that whoever finds it knows whose it is. */
const FILE = '.cc-ci-canary';
/** A canary is a line. Bytes. */
const LONGEST_CANARY = 4_096;

/** See Deployer.leaveCanary. */
export async function leaveCanary(
  engine: Engine,
  app: Pick<App, 'stack'>,
  place: MountedVolume,
  text: string,
  signal: AbortSignal,
): Promise<boolean> {
  const container = await containerAt(engine, app, place);
  if (!container || !(await holdsAnything(engine, container, place.path, signal))) return false;
  return (await putFile(engine, container, { folder: place.path, name: FILE, content: text }, signal)) === undefined;
}

/** See Deployer.readCanary. */
export async function readCanary(
  engine: Engine,
  app: Pick<App, 'stack'>,
  place: MountedVolume,
  signal: AbortSignal,
): Promise<string | undefined> {
  const container = await containerAt(engine, app, place);
  if (container === undefined) return undefined;
  const path = `${place.path.replace(/\/$/, '')}/${FILE}`;
  return (await readFile(engine, container, { path, limit: LONGEST_CANARY }, signal))?.toString('utf8');
}
