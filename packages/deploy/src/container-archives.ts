import { createReadStream, createWriteStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract, pack } from 'tar-stream';
import { NOT_FOUND, refusal } from './container-files.ts';
import type { Saved } from './deployer.ts';
import { answered, type Engine, type Refusal, unavailable } from './engine.ts';

/** Saves what is at a path as a tar file. @returns what it holds, undefined where nothing is there */
export async function saveArchive(
  engine: Engine,
  container: string,
  path: string,
  file: string,
  signal: AbortSignal,
): Promise<Saved | undefined> {
  try {
    const archive = await engine.docker.getContainer(container).getArchive({ path, abortSignal: signal });
    await pipeline(archive, createWriteStream(file), { signal });
    return await contentsOf(file, signal);
  } catch (error) {
    if (refusal(error, 'read from a container', signal).status === NOT_FOUND) return undefined;
    throw unavailable('read from a container', error);
  }
}

/** Unpacks a tar file into a folder, which is made where it is missing. @returns how the engine refused, if it did */
export async function unpackArchive(
  engine: Engine,
  container: string,
  { root, folder, file }: { root: string; folder: string; file: string },
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  const into = engine.docker.getContainer(container);
  const target = folder === '' ? root : `${root}/${folder}`;
  const archive = createReadStream(file);
  try {
    if (folder !== '' && !(await isThere(into.infoArchive({ path: target, abortSignal: signal })))) {
      await into.putArchive(await foldersOf(folder), { path: root, abortSignal: signal });
    }
    await into.putArchive(archive, { path: target, abortSignal: signal });
    return undefined;
  } catch (error) {
    return refusal(error, 'write into a container', signal);
  } finally {
    archive.destroy();
  }
}

async function isThere(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    if (answered(error)?.status === NOT_FOUND) return false;
    throw error;
  }
}

/** An archive of a folder in its folders, with nothing in it. */
async function foldersOf(path: string): Promise<Buffer> {
  const archive = pack();
  const parts = path.split('/');
  for (const [index] of parts.entries()) archive.entry({ name: parts.slice(0, index + 1).join('/'), type: 'directory' });
  archive.finalize();
  return await buffer(archive);
}

async function contentsOf(file: string, signal: AbortSignal): Promise<Saved> {
  const entries = extract();
  const reading = pipeline(createReadStream(file), entries, { signal });
  reading.catch(() => undefined);
  let [files, bytes] = [0, 0];
  for await (const entry of entries) {
    entry.resume();
    const { type, size = 0 } = entry.header;
    if (type !== 'file') continue;
    files += 1;
    bytes += size;
  }
  await reading;
  return { files, bytes };
}
