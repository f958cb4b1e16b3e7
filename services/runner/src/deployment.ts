import type { App, Deployer, Observed, PulledImage, Release } from '@cc-ci/deploy/deployer';
import { publishedService } from '@cc-ci/recipes/published';
import type { HealthCheck } from '@cc-ci/recipes/recipe-yml';
import type { ResourceKind } from '@cc-ci/shared/contract/run';
import type { Settings } from '@cc-ci/shared/contract/settings';
import { reached } from '@cc-ci/shared/service/reached';
import { type Backups, openBackups } from './backups.ts';
import { type Databases, openDatabases } from './database-canaries.ts';
import type { Journal } from './journal.ts';
import { type HostProxy, untilServed } from './probe.ts';
import { abortAfter } from './stop.ts';
import { openVolumes, type Volumes } from './volumes.ts';
import { code } from './words.ts';

const MINUTE_MS = 60_000;

/** The images of a release were not here in time. Ours. */
export class PullTooSlow extends Error {
  override readonly name = 'PullTooSlow';
  constructor(minutes: number) {
    super(`The images were not pulled within ${minutes} minutes.`);
  }
}

/** Something of the app could not be removed in the middle of the run. Ours. */
export class LeftoversInTheWay extends Error {
  override readonly name = 'LeftoversInTheWay';
  constructor(left: readonly string[]) {
    super(`What was deployed before could not be removed: ${left.join('; ')}.`);
  }
}

/** A release that is up. */
export interface Standing {
  readonly release: Release;
  /** How its people reach it, and which page answered with what; undefined where nothing of it is published through the proxy. */
  readonly served: { readonly address: string; readonly path: string; readonly status: number } | undefined;
  /** From its deployment, images pulled, until it answered or had converged. Milliseconds. */
  readonly startMs?: number;
}

/** The one deployment of a run: everything that changes it is done here, once; tiers only say when. */
export interface Deployment extends Volumes, Databases, Backups {
  /** Pulls images. Throws ImageUnavailable, PullTooSlow. */
  bring(images: readonly string[]): Promise<PulledImage[]>;
  /**
   * Pulls the release's images, deploys it over whatever is there, and waits until it has converged, serves its people, and has stood
   * and served for as long as it has to.
   * @param at the address to ask at, where the release still has it
   */
  putUp(release: Release, options: { readonly holdMs: number; readonly at?: string }): Promise<Standing>;
  /** Waits until a release that is up has converged and serves its people as before, also after something was done to it. */
  stays(standing: Standing, options: { readonly holdMs: number }): Promise<Standing>;
  /** Removes all of it, data too, but for what is kept. Throws LeftoversInTheWay. */
  takeDown(options?: { readonly keep: readonly ResourceKind[] }): Promise<void>;
  observe(): Promise<Observed>;
  /** True when both releases give the same services. */
  sameSpec(a: Release, b: Release): boolean;
}

export interface DeploymentOptions {
  readonly app: App;
  readonly deployer: Deployer;
  readonly journal: Journal;
  readonly proxy: HostProxy;
  readonly health: HealthCheck;
  /** Whether the app is ready beyond what its page answers; throws where it is not. */
  ready(standing: Standing): Promise<void>;
  readonly timeouts: Settings['timeouts'];
  /** What operators allow this recipe, e.g. `data:cache`. */
  readonly allowed: readonly string[];
  /** For the files of backups. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Unix milliseconds. */
  now(): number;
}

/** Opens the deployment of one attempt. */
export function openDeployment(options: DeploymentOptions): Deployment {
  const { app, deployer, journal, proxy, health, ready, timeouts, signal, now } = options;
  const bring = async (images: readonly string[]): Promise<PulledImage[]> => {
    const limitMs = timeouts.pull_minutes * MINUTE_MS;
    journal.now(`pulling ${imagesInWords(images)}`, now() + limitMs);
    using limit = abortAfter(limitMs, new PullTooSlow(timeouts.pull_minutes));
    return await deployer.pull({ images }, AbortSignal.any([signal, limit.signal]));
  };

  const pull = async (release: Release): Promise<void> => {
    const images = await bring(release.images);
    if (images.some(({ standIn }) => standIn)) await journal.record({ kind: 'stand-ins-seen' });
  };

  const converge = async (release: Release, holdMs: number): Promise<void> => {
    const limitMs = Math.max(timeouts.converge_minutes * MINUTE_MS, release.timeoutSeconds * 1000);
    using limit = abortAfter(limitMs, new Error('The time for converging is over.'));
    const until = now() + limitMs;
    const say = ({ service, what }: { service: string; what: string }): void => journal.now(`${code(service)} ${what}`, until);
    await deployer.converge(app, release, { say, holdMs, deadline: limit.signal }, signal);
  };

  const serve = async (release: Release, address: string, holdMs: number): Promise<number> => {
    const limitMs = timeouts.http_seconds * 1000;
    const until = now() + limitMs;
    const page = code(`https://${address}${health.path}`);
    journal.now(`asking ${page} through the proxy`, until);
    return await untilServed(address, {
      proxy,
      health,
      limitMs,
      signal,
      onWaiting: (what) => journal.now(`${page} ${what}`, until),
      stillUp: () => converge(release, holdMs),
    });
  };

  const checked = async (standing: Standing): Promise<Standing> => {
    await ready(standing);
    return standing;
  };

  return {
    ...openVolumes(options),
    ...openDatabases(options),
    ...openBackups(options),
    bring,
    async putUp(release, { holdMs, at }) {
      await pull(release);
      reached('runner.pulled');
      journal.now(
        `deploying ${code(release.commit.slice(0, 8))}${release.version === undefined ? '' : ` (${code(release.version)})`}`,
      );
      const began = now();
      await deployer.apply(app, release, signal);
      reached('runner.applied');
      const address = addressOf(release, at ?? app.domain);
      if (address === undefined) {
        await converge(release, 0);
        const startMs = now() - began;
        await converge(release, holdMs);
        return await checked({ release, served: undefined, startMs });
      }
      // Asked within the time that it has to stand, and once more at its end: an app that answers once and ends is not up.
      await converge(release, 0);
      reached('runner.converged');
      await serve(release, address, holdMs);
      const startMs = now() - began;
      await converge(release, holdMs);
      const status = await serve(release, address, holdMs);
      const { path } = health;
      journal.say(`${code(`https://${address}${path}`)} answers (HTTP ${status}).`);
      return await checked({ release, served: { address, path, status }, startMs });
    },
    async stays({ release, served, ...standing }, { holdMs }) {
      await converge(release, holdMs);
      if (!served) return await checked({ ...standing, release, served });
      return await checked({ ...standing, release, served: { ...served, status: await serve(release, served.address, holdMs) } });
    },
    async takeDown({ keep } = { keep: [] }) {
      const limitMs = timeouts.cleanup_minutes * MINUTE_MS;
      journal.now('removing what was deployed', now() + limitMs);
      const { left } = await deployer.remove(app, AbortSignal.any([signal, AbortSignal.timeout(limitMs)]), keep);
      signal.throwIfAborted();
      if (left.length > 0) throw new LeftoversInTheWay(left.map(({ kind, name, why }) => `${kind} ${name}: ${why}`));
      reached('runner.taken-down');
    },
    observe: () => deployer.observe(app),
    sameSpec: (a, b) => deployer.sameSpec(a, b),
  };
}

/** The name under which people reach the app: the wanted one, or else the first that its labels give; undefined when it has none. */
function addressOf({ document }: Release, wanted: string): string | undefined {
  const hosts = publishedService(document, wanted)?.hosts ?? [];
  return hosts.includes(wanted) ? wanted : hosts[0];
}

function imagesInWords(images: readonly string[]): string {
  const [only] = images;
  return images.length === 1 && only !== undefined ? code(only) : `${images.length} images`;
}
