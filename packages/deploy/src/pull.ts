import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { PulledImage, Release } from './deployer.ts';
import { answered, type Engine, unavailable } from './engine.ts';
import { PullProgress } from './engine-answers.ts';
import { type ImageTrouble, ImageUnavailable } from './errors.ts';
import { standInLabel } from './labels.ts';

/** See Deployer.pull. One after the other: the layers of one image already fill the line. */
export async function pullImages(engine: Engine, release: Pick<Release, 'images'>, signal: AbortSignal): Promise<PulledImage[]> {
  const pulled: PulledImage[] = [];
  for (const reference of release.images) pulled.push(await pullImage(engine, reference, signal));
  return pulled;
}

async function pullImage(engine: Engine, reference: string, signal: AbortSignal): Promise<PulledImage> {
  const wanted = withTag(reference);
  // A digest never means another image than the one that is here.
  if (!wanted.includes('@') || !(await engine.image(wanted))) await fetchImage(engine, wanted, signal);
  const image = await engine.image(wanted);
  if (!image)
    throw new ImageUnavailable(
      reference,
      registryOf(reference),
      'unreachable',
      'it was pulled, but the engine does not have it.',
    );
  const digest = digestFor(wanted, image.digests);
  return { reference, id: image.id, ...(digest !== undefined && { digest }), standIn: image.labels[standInLabel] === 'true' };
}

async function fetchImage(engine: Engine, wanted: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const said = await pullTrouble(engine, wanted, signal);
  signal.throwIfAborted();
  if (said !== undefined) throw new ImageUnavailable(wanted, registryOf(wanted), troubleOf(said), said);
}

/** What the engine said against the pull, or undefined when it went well. */
async function pullTrouble(engine: Engine, wanted: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const progress = await engine.docker.createImage({ fromImage: wanted, abortSignal: signal });
    for await (const line of createInterface({ input: new Readable().wrap(progress) })) {
      const { error } = PullProgress.parse(JSON.parse(line));
      if (error !== undefined) return error;
    }
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const refusal = answered(error);
    if (refusal) return refusal.said;
    throw unavailable(`pull \`${wanted}\``, error);
  }
}

/** One image may have come under several names. */
function digestFor(wanted: string, digests: readonly string[]): string | undefined {
  const name = /^(?:docker\.io\/)?(?:library\/)?(.+?)(?::[^:/@]+)?(?:@.+)?$/.exec(wanted)?.[1];
  return digests.find((digest) => digest.startsWith(`${name}@`));
}

/** The reference with the tag that is meant where none is written; without one the engine would pull all tags. */
export function withTag(reference: string): string {
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  return name.includes(':') || name.includes('@') ? reference : `${reference}:latest`;
}

/** The host that an image comes from, as people call it. */
export function registryOf(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'Docker Hub';
}

/** What kind of trouble the engine's words about a failed pull tell of. It has only words for it. */
export function troubleOf(said: string): ImageTrouble {
  if (/toomanyrequests|too many requests|rate limit|\b429\b/i.test(said)) return 'limit';
  if (/no space left on device|disk quota exceeded/i.test(said)) return 'disk';
  if (/manifest unknown|not found|does not exist|denied|no matching manifest|invalid reference format|unauthorized/i.test(said))
    return 'missing';
  return 'unreachable';
}
