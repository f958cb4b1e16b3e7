/**
 * The contract of everything that deploys a recipe.
 *
 * app      one deployment of a recipe under a stack name and a domain of its own
 * release  a recipe at one commit, read, merged and judged for one app: all that is needed to deploy it, also after its checkout is gone
 * stamp    the labels that say which commit a deployed service comes from
 * owner    the attempt of a run that a resource belongs to; written as labels on everything that is created
 *
 * Order: prepare → pull → apply → converge, again with another release for an upgrade in place, and remove at the end, always.
 * - `prepare`, `observe`, `volumes`, `readCanary`, `owned`, `host`, `logs`, `sameSpec` change nothing and may be called at any time.
 * - `apply` may be repeated: what is there already is kept. It does not wait; `converge` does.
 * - `remove` is safe when nothing was ever applied, safe to repeat, and needs no memory of the process that applied.
 *   After it, the same release may be applied again under the same names.
 * - One app is one caller's: calls for the same app are not made at the same time; different apps may be.
 *
 * Errors. The app's fault: RecipeUnreadable (packages/recipes), RecipeRefused, DeployRefused, NotConverged, ImageUnavailable of kind
 * `missing`. Ours: EngineUnavailable, ToolUnfit, StackTaken, ImageUnavailable of the other kinds. An aborted signal throws its reason.
 */
import type { StackDocument } from '@cc-ci/recipes/document';
import type { Recipe } from '@cc-ci/recipes/recipe';
import type { ResourceKind } from '@cc-ci/shared/contract/run';

/** Who a resource belongs to; becomes the labels cc-ci.instance, .host, .run and .attempt on everything created. */
export interface Owner {
  readonly instance: string;
  readonly host: string;
  readonly run: string;
  readonly attempt: number;
}

/** One deployment. `stack` is the prefix of all its names. */
export interface App {
  readonly stack: string;
  readonly domain: string;
  readonly owner: Owner;
}

/** A recipe at one commit, ready to be deployed as one app. */
export interface Release {
  readonly recipe: Recipe;
  readonly commit: string;
  /** The recipe version that the document names, e.g. `1.2.0+3.4.5`. */
  readonly version?: string;
  /** The merged document as judged, with files by content; our labels are added when it is applied. */
  readonly document: StackDocument;
  readonly environment: Readonly<Record<string, string>>;
  readonly images: readonly string[];
  /** Contents of the document's config and secret files, by the name that the document gives them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** How long the recipe asks to be waited for. */
  readonly timeoutSeconds: number;
}

/** An image as this host has it. */
export interface PulledImage {
  readonly reference: string;
  readonly id: string;
  /** `name@sha256:…` as the registry gave it; absent for an image that never came from one. */
  readonly digest?: string;
  /** True for the project's own stand-in of a real image: the run says so, and sets no badge. */
  readonly standIn: boolean;
}

/** What a deployment waits for, as a sentence without its subject: `web` + `its health check has not passed yet`. */
export interface Waiting {
  readonly service: string;
  readonly what: string;
}

/** One service as it runs now. */
export interface ObservedService {
  /** Name in the recipe, without the stack. */
  readonly name: string;
  readonly commit?: string;
  readonly image: string;
  /** Tasks that should run, run, and run with exactly the service's present spec. */
  readonly desired: number;
  readonly running: number;
  readonly current: number;
  /** The engine's word for the last update: `updating`, `completed`, `paused`, `rollback_completed` …; absent after a first deploy. */
  readonly update?: string;
}

/** What runs now. */
export interface Observed {
  /** The stamped commit, when all services carry the same one. */
  readonly commit?: string;
  readonly services: readonly ObservedService[];
}

/** What an app takes of its host at one moment. */
export interface Footprint {
  /** Of all its containers; undefined where the host does not count. */
  readonly memoryBytes: number | undefined;
  /** Of its images, unpacked; what two of them share counts twice. */
  readonly imageBytes: number;
}

/** A named volume of the app, as one of its services has it. */
export interface MountedVolume {
  /** Name in the recipe, without the stack. */
  readonly volume: string;
  readonly service: string;
  /** Where the service sees it. */
  readonly path: string;
}

/** A part of a volume and a tar file for it. */
export interface VolumePart {
  readonly place: MountedVolume;
  /** Relative to the root of the volume; empty: all of it. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
}

/** What a tar file holds. */
export interface Saved {
  readonly files: number;
  readonly bytes: number;
}

/** A file as a service sees it. */
export interface ContainerFile {
  readonly service: string;
  /** Absolute. */
  readonly path: string;
}

/** How a command in a container ended. */
export interface Executed {
  readonly exitCode: number;
  /** The last that it said, oldest first. */
  readonly lines: readonly string[];
}

/** A command in a container of its own beside a service: in its network, and with nothing else of the host. */
export interface SandboxJob {
  readonly image: string;
  readonly service: string;
  readonly command: readonly string[];
  /** All that the command finds in its environment besides what the image says. */
  readonly environment: Readonly<Record<string, string>>;
  /** Files and folders of this host. */
  readonly mounts: readonly { readonly source: string; readonly target: string; readonly writable: boolean }[];
  readonly workdir: string;
  readonly memoryBytes: number;
  readonly processes: number;
}

/** How a sandbox ended. */
export interface SandboxEnd extends Executed {
  /** It, or something in it, had more memory than it was given. */
  readonly outOfMemory: boolean;
}

/** Something that could not be removed, and a sentence that says why. */
export interface Leftover {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly why: string;
}

/** What a removal did. Clean-up is proven when `left` is empty. */
export interface Removal {
  readonly removed: Readonly<Record<ResourceKind, number>>;
  readonly left: readonly Leftover[];
}

/** A stack of this instance and host that still has something, even if only a volume. */
export interface OwnedStack {
  readonly stack: string;
  readonly owner: Owner;
}

/** The last lines that a service has written, oldest first. */
export interface ServiceLog {
  readonly service: string;
  readonly lines: readonly string[];
}

export interface Deployer {
  readonly driver: 'swarm' | 'abra';

  /** The stack that an app of this domain is deployed as. Throws ToolUnfit for a domain that cannot be one. */
  stackOf(domain: string): string;

  /** Reads, merges and judges the recipe at its checkout; creates nothing on the host. Throws RecipeUnreadable or RecipeRefused. */
  prepare(app: App, recipe: Recipe, commit: string, signal: AbortSignal): Promise<Release>;

  /** Pulls every image. Throws ImageUnavailable for the first that cannot be had. */
  pull(release: Pick<Release, 'images'>, signal: AbortSignal): Promise<PulledImage[]>;

  /**
   * Deploys for the first time, or upgrades in place to this release. Secrets that are missing are made, existing ones kept.
   * Stamps the commit on the stack's services. Returns when the engine has accepted the spec.
   * Throws DeployRefused when it does not, StackTaken when somebody else's stack has the name.
   */
  apply(app: App, release: Release, signal: AbortSignal): Promise<void>;

  /**
   * Waits until every service runs this release and has held it, telling `say` whenever it waits for something else.
   * Throws NotConverged: as soon as it is certain, else when `deadline` is aborted.
   */
  converge(app: App, release: Release, options: ConvergeOptions, signal: AbortSignal): Promise<void>;

  /** What runs now. No services: the stack is not there. */
  observe(app: Pick<App, 'stack' | 'owner'>): Promise<Observed>;

  /** What the app takes of this host now. */
  footprint(app: Pick<App, 'stack' | 'owner'>): Promise<Footprint>;

  /** The named volumes of the app where running containers of its present spec mount them. */
  volumes(app: Pick<App, 'stack' | 'owner'>): Promise<MountedVolume[]>;

  /**
   * Leaves a file with this text at the root of a volume, to be found again by `readCanary`. An empty volume gets none: an app that has
   * not begun to use it may refuse to, once there is something in it. @returns whether the file is there
   */
  leaveCanary(app: Pick<App, 'stack' | 'owner'>, place: MountedVolume, text: string, signal: AbortSignal): Promise<boolean>;

  /** The text that `leaveCanary` left in whatever is mounted there now; undefined when there is none. */
  readCanary(app: Pick<App, 'stack' | 'owner'>, place: MountedVolume, signal: AbortSignal): Promise<string | undefined>;

  /** Copies a part of a volume into a tar file. @returns what it holds, undefined where nothing is there */
  save(app: Pick<App, 'stack' | 'owner'>, part: VolumePart, signal: AbortSignal): Promise<Saved | undefined>;

  /** Puts what `save` copied back where it was, over what is there. @returns false where it cannot be written there */
  giveBack(app: Pick<App, 'stack' | 'owner'>, part: VolumePart, signal: AbortSignal): Promise<boolean>;

  /** Runs a command by `sh` in a running container of a service, as its user. @returns undefined where none runs at this moment */
  exec(app: Pick<App, 'stack' | 'owner'>, service: string, command: string, signal: AbortSignal): Promise<Executed | undefined>;

  /**
   * Runs a command beside a service, as nobody, without capabilities, on a file system that it cannot change. What is left of it carries
   * the app's labels. Its image has to be pulled before. @returns undefined where the service does not run at this moment
   */
  sandbox(app: Pick<App, 'stack' | 'owner'>, job: SandboxJob, signal: AbortSignal): Promise<SandboxEnd | undefined>;

  /** Writes a file into a running container of a service. @returns false where it cannot be written there */
  copyIn(app: Pick<App, 'stack' | 'owner'>, file: ContainerFile, content: Buffer, signal: AbortSignal): Promise<boolean>;

  /** The content of a file in a running container of a service, up to 16 MB; undefined where there is none. */
  copyOut(app: Pick<App, 'stack' | 'owner'>, file: ContainerFile, signal: AbortSignal): Promise<Buffer | undefined>;

  /** Lets services begin anew, with the spec that they have. Returns when the engine has accepted it; `converge` waits for it. */
  restart(app: Pick<App, 'stack' | 'owner'>, services: readonly string[], signal: AbortSignal): Promise<void>;

  /** True when both releases give the same services, so that there is nothing to upgrade. Stamps do not count. */
  sameSpec(a: Release, b: Release): boolean;

  /**
   * Removes all of the app, repeatedly, until nothing is observed or the signal is aborted; then says what is left.
   * Never touches what belongs to another owner. Throws EngineUnavailable only.
   * @param keep kinds that stay: secrets, for an app that is to come back with them
   */
  remove(app: Pick<App, 'stack' | 'owner'>, signal: AbortSignal, keep?: readonly ResourceKind[]): Promise<Removal>;

  /** Every stack of this instance and host, found by labels alone, for the reaper. */
  owned(instance: string, host: string): Promise<OwnedStack[]>;

  /** Who the engine is, and where it keeps images and volumes. */
  host(): Promise<{ readonly engine: string; readonly dataFolder: string }>;

  /** The address under which containers of a Swarm reach this host; undefined where there is none. */
  gateway(): Promise<string | undefined>;

  /** The last `tail` lines of each service. */
  logs(app: Pick<App, 'stack' | 'owner'>, options: { readonly tail: number }): Promise<ServiceLog[]>;
}

export interface ConvergeOptions {
  say(waiting: Waiting): void;
  /** Every service has to stand for this long since its youngest task began; its own monitor, or how long it lasted before it failed, counts when longer. */
  readonly holdMs: number;
  readonly deadline: AbortSignal;
}
