import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract, pack } from 'tar-stream';
import { answered, type Engine, type Refusal, unavailable } from './engine.ts';

/*
 * Files inside running containers, by the engine's archives: no program of the image takes part, so it works in images that
 * hold nothing but their app.
 */

/** Nobody reads more than this of a file that should hold a line. Bytes. */
const LONGEST_FILE = 4_096;
/** Files of ours are for whoever runs the app to look at, and to delete. */
const MODE = 0o644;

/** Writes a small text file into a folder that is there. @returns how the engine refused, if it did */
export async function putFile(
  engine: Engine,
  container: string,
  { folder, name, text }: { folder: string; name: string; text: string },
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  const archive = pack();
  archive.entry({ name, mode: MODE }, text);
  archive.finalize();
  try {
    await engine.docker.getContainer(container).putArchive(await buffer(archive), { path: folder, abortSignal: signal });
    return undefined;
  } catch (error) {
    return refusal(error, 'write into a container', signal);
  }
}

/** The beginning of a text file; undefined where there is none, or the container is gone. */
export async function readFile(
  engine: Engine,
  container: string,
  path: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  await eachEntry(engine, container, path, signal, async (body) => {
    for await (const part of body) {
      if (!Buffer.isBuffer(part)) continue;
      parts.push(part);
      length += part.length;
      if (length >= LONGEST_FILE) break;
    }
    return false;
  });
  return parts.length === 0 ? undefined : Buffer.concat(parts).subarray(0, LONGEST_FILE).toString('utf8');
}

/** Whether a folder is there and holds anything. */
export async function holdsAnything(engine: Engine, container: string, folder: string, signal: AbortSignal): Promise<boolean> {
  let entries = 0;
  await eachEntry(engine, container, folder, signal, async () => {
    // The folder itself comes first.
    entries += 1;
    return entries < 2;
  });
  return entries >= 2;
}

/** Goes through an archive of a path until `see` has seen enough: what follows, which may be gigabytes, is never fetched. */
async function eachEntry(
  engine: Engine,
  container: string,
  path: string,
  signal: AbortSignal,
  see: (body: AsyncIterable<unknown>) => Promise<boolean>,
): Promise<void> {
  const enough = new AbortController();
  try {
    const archive = await engine.docker.getContainer(container).getArchive({ path, abortSignal: signal });
    const entries = extract();
    const reading = pipeline(archive, entries, { signal: AbortSignal.any([signal, enough.signal]) });
    reading.catch(() => undefined);
    for await (const entry of entries) {
      const goesOn = await see(entry);
      if (!goesOn) break;
      entry.resume();
    }
    enough.abort();
  } catch (error) {
    const refused = refusal(error, 'read from a container', signal);
    if (refused.status !== NOT_FOUND) throw unavailable('read from a container', error);
  }
}

/** HTTP: no such file, or no such container. */
export const NOT_FOUND = 404;

/** The engine's refusal in an error. Throws the signal's reason, or EngineUnavailable where there was no answer. */
export function refusal(error: unknown, doing: string, signal: AbortSignal): Refusal {
  signal.throwIfAborted();
  const found = answered(error);
  if (!found) throw unavailable(doing, error);
  return found;
}
