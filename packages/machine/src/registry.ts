import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { cacheFolder } from './config.ts';
import type { Debian } from './debian.ts';
import { type ImageBase, imageConfiguration, type Layer, parseReference, type StandInImage } from './image.ts';
import { packBase, packFiles, storeBlob } from './image-layer.ts';
import { issueRegistryCertificate } from './registry-certificate.ts';

/** Above the ports that kernels give away (32768–60999) and that Swarm publishes (30000–32767): no recipe gets in its way. */
export const REGISTRY_PORT = 61_005;

/** Docker Hub, as an engine asks for it. */
const HUB = 'registry-1.docker.io';
/** Changes when the same definition would give another image. */
const BUILDER = 1;
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
/** Uncompressed, since it is read from a disk and not from a network. */
const LAYER = 'application/vnd.oci.image.layer.v1.tar';

/** What a registry lists for one reference. */
interface Listed {
  readonly repository: string;
  readonly tag: string;
  readonly manifest: Layer;
  /** Configuration and layers. */
  readonly parts: readonly Layer[];
}

/**
 * Builds the images that are not in the cache yet, and fills `<folder>/registry` and `<folder>/registry.yml`, from which
 * Debian's docker-registry serves them, read-only and over HTTPS. Returns the hosts that it poses as.
 */
export async function fillRegistry(options: {
  debian: Debian;
  folder: string;
  images: readonly StandInImage[];
  report: (step: string) => void;
}): Promise<string[]> {
  const { debian, folder, images } = options;
  const store = join(cacheFolder(), `images-${debian.id}`);
  await mkdir(store, { recursive: true });
  const bases = new Map<ImageBase, Promise<Layer>>();
  const baseOf = (base: ImageBase): Promise<Layer> => {
    const layer = bases.get(base) ?? baseLayer(debian, store, base);
    bases.set(base, layer);
    return layer;
  };
  const listed = await Promise.all(images.map(async (image) => build(store, image, await baseOf(image.from))));
  const root = join(folder, 'registry/docker/registry/v2');
  await mkdir(root, { recursive: true });
  await symlink(store, join(root, 'blobs'));
  for (const image of listed.flat()) await list(join(root, 'repositories', image.repository), image);
  const named = images.flatMap(({ references }) => references.map((reference) => parseReference(reference).host));
  const hosts = [...new Set([HUB, ...named.filter((host) => host !== undefined)])];
  await issueRegistryCertificate(debian, folder, hosts);
  await writeFile(join(folder, 'registry.yml'), registrySettings(folder));
  return hosts;
}

async function build(store: string, image: StandInImage, base: Layer): Promise<Listed[]> {
  const layers = [base];
  if (image.files !== undefined) layers.push(await packFiles(image.files, store));
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  return await Promise.all(
    image.references.map(async (reference) => {
      const { repository, tag } = parseReference(reference);
      const config = await storeBlob(store, JSON.stringify(imageConfiguration(image, tag, layers, architecture)));
      const manifest = await storeBlob(
        store,
        JSON.stringify({
          schemaVersion: 2,
          mediaType: MANIFEST,
          config: { mediaType: CONFIG, ...config },
          layers: layers.map((layer) => ({ mediaType: LAYER, ...layer })),
        }),
      );
      return { repository, tag, manifest, parts: [config, ...layers] };
    }),
  );
}

const StoredLayer = z.object({ digest: z.string(), size: z.number() });

/** The base's layer, packed once for each set of packages and definition. */
async function baseLayer(debian: Debian, store: string, base: ImageBase): Promise<Layer> {
  const key = createHash('sha256')
    .update(JSON.stringify([BUILDER, base.packaged, base.copied, base.files]))
    .digest('hex')
    .slice(0, 16);
  const note = join(store, `base-${base.name}-${key}.json`);
  const known = await readFile(note, 'utf8').catch(() => undefined);
  if (known !== undefined) return StoredLayer.parse(JSON.parse(known));
  const layer = await packBase(debian, base, store);
  const partial = `${note}.${randomUUID()}`;
  await writeFile(partial, JSON.stringify(layer));
  await rename(partial, note);
  return layer;
}

/** Lists an image in a repository's folder, in the layout of the registry's file system storage. */
async function list(repository: string, { tag, manifest, parts }: Listed): Promise<void> {
  const link = async (path: string, { digest }: Layer): Promise<void> => {
    await mkdir(join(repository, path), { recursive: true });
    await writeFile(join(repository, path, 'link'), digest);
  };
  const place = manifest.digest.replace(':', '/');
  await link(`_manifests/revisions/${place}`, manifest);
  await link(`_manifests/tags/${tag}/current`, manifest);
  await link(`_manifests/tags/${tag}/index/${place}`, manifest);
  for (const part of parts) await link(`_layers/${part.digest.replace(':', '/')}`, part);
}

function registrySettings(folder: string): string {
  return stringify({
    version: 0.1,
    storage: {
      filesystem: { rootdirectory: join(folder, 'registry') },
      maintenance: { readonly: { enabled: true }, uploadpurging: { enabled: false } },
    },
    http: {
      addr: `127.0.0.1:${REGISTRY_PORT}`,
      tls: { certificate: join(folder, 'registry.crt'), key: join(folder, 'registry.key') },
    },
    log: { level: 'warn', accesslog: { disabled: true } },
  });
}
