import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract, pack } from 'tar-stream';
import { answered, type Engine, type Refusal, unavailable } from './engine.ts';

/*
 * Files inside running containers, by the engine's archives: no program of the image takes part, so it works in images that
 * hold nothing but their app.
 */

/** Files of ours are for whoever runs the app to look at, and to delete. */
const MODE = 0o644;

/** Writes a file into a folder that is there. @returns how the engine refused, if it did */
export async function putFile(
  engine: Engine,
  container: string,
  { folder, name, content }: { folder: string; name: string; content: string | Buffer },
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  const archive = pack();
  archive.entry({ name, mode: MODE }, content);
  archive.finalize();
  try {
    await engine.docker.getContainer(container).putArchive(await buffer(archive), { path: folder, abortSignal: signal });
    return undefined;
  } catch (error) {
    return refusal(error, 'write into a container', signal);
  }
}

/** The first `limit` bytes of a file; undefined where there is none, or the container is gone. */
export async function readFile(
  engine: Engine,
  container: string,
  { path, limit }: { path: string; limit: number },
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let [length, isThere] = [0, false];
  await eachEntry(engine, container, path, signal, async (body) => {
    isThere = true;
    for await (const part of body) {
      if (!Buffer.isBuffer(part)) continue;
      parts.push(part);
      length += part.length;
      if (length >= limit) break;
    }
    return false;
  });
  return isThere ? Buffer.concat(parts).subarray(0, limit) : undefined;
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
