import { createHash, randomUUID } from 'node:crypto';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Debian } from './debian.ts';
import type { ImageBase, ImageFiles, Layer } from './image.ts';
import { runProgram } from './run-program.ts';

/** A file that an image needs was not found. */
export class ImageIncomplete extends Error {
  override readonly name = 'ImageIncomplete';
}

const FOLDERS = ['bin', 'etc', 'root', 'run', 'tmp', 'usr/bin', 'var/tmp'];

/** Packs Debian's programs, the shared libraries that they need and a few folders into a layer of the store. */
export async function packBase(debian: Debian, base: ImageBase, store: string): Promise<Layer> {
  return await packed(store, async (folder) => {
    for (const name of FOLDERS) await mkdir(join(folder, name), { recursive: true });
    for (const name of ['tmp', 'var/tmp']) await chmod(join(folder, name), 0o1777);
    const sources = await Promise.all(base.packaged.map((path) => realpath(join(debian.root, path))));
    for (const [index, path] of base.packaged.entries()) await copy(sources[index] ?? path, join(folder, path));
    const copied = Object.entries(base.copied ?? {});
    for (const [to, from] of copied) await copy(from, join(folder, to));
    for (const library of await sharedLibraries(debian, [...sources, ...copied.map(([, from]) => from)]))
      await copy(await realpath(library.from), join(folder, library.to));
    await linkApplets(debian, folder);
    await writeFiles(folder, base.files);
  });
}

/** Packs text files into a layer of the store. */
export async function packFiles(files: ImageFiles, store: string): Promise<Layer> {
  return await packed(store, (folder) => writeFiles(folder, files));
}

/** Puts content into the store under its digest. */
export async function storeBlob(store: string, content: string): Promise<Layer> {
  const hex = createHash('sha256').update(content).digest('hex');
  // Two images can be alike to the byte and be stored at the same moment.
  const partial = join(store, `${hex}.${randomUUID()}`);
  await writeFile(partial, content);
  await moveIn(store, partial, hex);
  return { digest: `sha256:${hex}`, size: Buffer.byteLength(content) };
}

async function packed(store: string, fill: (folder: string) => Promise<void>): Promise<Layer> {
  const work = await mkdtemp(join(store, 'work-'));
  try {
    const folder = join(work, 'root');
    await mkdir(folder);
    await fill(folder);
    const file = join(work, 'layer.tar');
    // Same content, same digest: order, times and owners are fixed.
    const reproducible = [
      '--sort=name',
      '--mtime=@0',
      '--numeric-owner',
      '--owner=0',
      '--group=0',
      '--format=pax',
      '--pax-option=delete=atime,delete=ctime',
    ];
    await runProgram('tar', [...reproducible, '-C', folder, '-cf', file, '.']);
    const hex = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    const { size } = await lstat(file);
    await moveIn(store, file, hex);
    return { digest: `sha256:${hex}`, size };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The store has the layout of a registry's blobs, so that a registry can serve it as it is. */
async function moveIn(store: string, file: string, hex: string): Promise<void> {
  const folder = join(store, 'sha256', hex.slice(0, 2), hex);
  await mkdir(folder, { recursive: true });
  await rename(file, join(folder, 'data'));
}

async function writeFiles(folder: string, files: ImageFiles): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content, { mode: content.startsWith('#!') ? 0o755 : 0o644 });
  }
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, dereference: true });
}

/** All libraries of these programs, from the unpacked packages or the host, with the path that they have when installed. */
async function sharedLibraries(debian: Debian, files: readonly string[]): Promise<{ from: string; to: string }[]> {
  const programs = (await Promise.all(files.map(filesBelow))).flat();
  const { LD_LIBRARY_PATH } = debian.environment;
  // ldd fails on what needs no libraries: text, and programs without any.
  const listed = await Promise.all(
    programs.map((file) => runProgram('ldd', [file], { env: { LD_LIBRARY_PATH } }).catch(() => '')),
  );
  const libraries = listed.join('\n');
  const missing = /^\s*(\S+) => not found/m.exec(libraries)?.[1];
  if (missing !== undefined)
    throw new ImageIncomplete(`${missing} is in none of the packages of debian-packages.ts and not on this host.`);
  const found = new Set([...libraries.matchAll(/(\/\S+\.so\S*) \(0x/g)].map(([, path = '']) => path));
  return [...found].map((from) => ({ from, to: from.startsWith(debian.root) ? from.slice(debian.root.length) : from }));
}

async function filesBelow(path: string): Promise<string[]> {
  if (!(await lstat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** busybox is one program under many names. */
async function linkApplets(debian: Debian, folder: string): Promise<void> {
  const applets = await runProgram(debian.program('busybox'), ['--list-full'], { env: debian.environment });
  for (const applet of applets.split('\n')) {
    const link = join(folder, 'bin', applet.slice(applet.lastIndexOf('/') + 1));
    await symlink('busybox', link).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  }
  await symlink(relative('/usr/bin', '/bin/env'), join(folder, 'usr/bin/env'));
}
