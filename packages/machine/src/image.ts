/** Where an image stands: `library/nginx:1.25.3` on Docker Hub, `ghcr.io/acme/app:2.0` elsewhere. */
export interface ImageReference {
  /** Host of the registry as the engine asks for it; undefined for Docker Hub. */
  readonly host?: string;
  /** `library/nginx`, `acme/app`. */
  readonly repository: string;
  readonly tag: string;
}

/** What a container of the image runs, in the words of a Dockerfile. Durations in seconds. */
export interface ImageConfig {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** `8080/tcp` */
  readonly expose?: readonly string[];
  readonly volumes?: readonly string[];
  readonly user?: string;
  readonly workdir?: string;
  readonly stopSignal?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly healthcheck?: {
    readonly test: readonly string[];
    readonly interval?: number;
    readonly timeout?: number;
    readonly retries?: number;
  };
}

/** Text files by absolute path. A file that starts with `#!` is executable. */
export type ImageFiles = Readonly<Record<string, string>>;

/** A program of Debian with what it needs, from which images are made. */
export interface ImageBase {
  readonly name: string;
  /** Files and folders of Debian's packages, by the path that they have when installed. The shared libraries that they need come along. */
  readonly packaged: readonly string[];
  /** Files and folders of this host, by the path that they have in the image. */
  readonly copied?: Readonly<Record<string, string>>;
  readonly files: ImageFiles;
  readonly config: ImageConfig;
}

/** A small image under a recipe's image name, built from Debian's programs. */
export interface StandInImage extends ImageConfig {
  /** All names under which it can be pulled; each becomes an image of its own, with the tag as its version label. */
  readonly references: readonly string[];
  readonly from: ImageBase;
  readonly files?: ImageFiles;
}

/** Every stand-in carries this label, so that a run can say that it tested one. */
export const STAND_IN_LABEL = 'org.coop-cloud.cc-ci.stand-in';

/** Splits a reference. `nginx:1` means `library/nginx:1`, as on Docker Hub; without a tag, `latest`. */
export function parseReference(text: string): ImageReference {
  const [first = '', ...others] = text.split('/');
  const hasHost = others.length > 0 && first.includes('.');
  const [path = '', tag = 'latest'] = (hasHost ? others.join('/') : text).split(':');
  if (path === '' || text.includes('@') || (first.includes(':') && others.length > 0))
    throw new Error(`"${text}" is no image name for a stand-in: write [host/]repository:tag, without a port or a digest.`);
  if (hasHost) return { host: first, repository: path, tag };
  return { repository: path.includes('/') ? path : `library/${path}`, tag };
}

/** One layer, uncompressed: its digest is also its diff id. */
export interface Layer {
  readonly digest: string;
  readonly size: number;
}

const NANOSECONDS = 1_000_000_000;

/** The OCI image configuration of `image` under one of its references. */
export function imageConfiguration(image: StandInImage, tag: string, layers: readonly Layer[], architecture: string) {
  const { from } = image;
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...from.config.env, ...image.env };
  const config = { ...from.config, ...withoutUndefined(image) };
  return {
    architecture,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: withoutUndefined({
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      Entrypoint: config.entrypoint,
      Cmd: config.cmd,
      ExposedPorts: config.expose && setOf(config.expose),
      Volumes: config.volumes && setOf(config.volumes),
      User: config.user,
      WorkingDir: config.workdir,
      StopSignal: config.stopSignal,
      Healthcheck: config.healthcheck && healthcheck(config.healthcheck),
      Labels: { ...from.config.labels, ...image.labels, [STAND_IN_LABEL]: 'true', 'org.opencontainers.image.version': tag },
    }),
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
  };
}

function healthcheck({ test, interval, timeout, retries }: NonNullable<ImageConfig['healthcheck']>): object {
  return withoutUndefined({
    Test: test,
    Interval: interval && interval * NANOSECONDS,
    Timeout: timeout && timeout * NANOSECONDS,
    Retries: retries,
  });
}

function setOf(names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, {}]));
}

function withoutUndefined<T extends object>(object: T): T;
function withoutUndefined(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
