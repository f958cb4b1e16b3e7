import type { ObservedService, Release } from '@cc-ci/deploy/deployer';
import { NotConverged } from '@cc-ci/deploy/errors';
import type { Backup } from '../src/backups.ts';
import type { Canaries, Sight } from '../src/canary.ts';
import type { Deployment, Standing } from '../src/deployment.ts';
import type { BaseRelease, TierContext } from '../src/tiers/tier.ts';
import { everything } from './example-app.ts';
import { release } from './release.ts';

export const tested = release('b'.repeat(40));
export const asUpgrade = release('b'.repeat(40));
export const before = release('a'.repeat(40));
export const base: BaseRelease = { release: before, name: '`1.0.0+1`', upgraded: async () => asUpgrade };
export const crash = new NotConverged({
  service: 'app',
  reason: 'crash-loop',
  sentence: '`app` ends again and again.',
  exits: [1],
  evidence: [],
});

export const running = (name: string, changes: Partial<ObservedService> = {}): ObservedService => ({
  name,
  commit: tested.commit,
  image: `${name}:1`,
  desired: 1,
  running: 1,
  current: 1,
  ...changes,
});
export const both = [running('app'), running('db')];

export const page = (status = 200, address = 'app.test'): Standing['served'] => ({ address, path: '/', status });
/** What is up, and answers. */
export const up = (of: Release, served = page()): Standing => ({ release: of, served });

export const saved: Backup = { parts: [], files: 3, bytes: 4_096 };

/** A deployment that writes down what it is asked to do, and fails where it is told to. */
export function deployment(
  options: {
    failing?: readonly Release[];
    error?: Error;
    same?: boolean;
    seen?: readonly ObservedService[];
    served?: Standing['served'];
    canaries?: Canaries;
    sights?: readonly Sight[];
    databases?: readonly string[];
    emptied?: readonly string[];
  } = {},
): Deployment & { done: string[] } {
  const done: string[] = [];
  return {
    done,
    async putUp(given, { holdMs, at }) {
      done.push(`up ${given.commit.charAt(0)} for ${holdMs / 1000} s${at === undefined ? '' : ` at ${at}`}`);
      if (options.failing?.includes(given)) throw options.error ?? crash;
      return { release: given, served: 'served' in options ? options.served : page() };
    },
    bring: async () => [],
    async takeDown({ keep } = { keep: [] }) {
      done.push(['down', ...keep.map((kind) => `but for ${kind}`)].join(' '));
    },
    async stays(given, { holdMs }) {
      done.push(`stays for ${holdMs / 1000} s`);
      return given;
    },
    async backUp() {
      done.push('saved');
      return saved;
    },
    async putBack() {
      done.push('put back');
    },
    async afterPutBack() {
      done.push('hooks');
    },
    leaveCanaries: async () => options.canaries ?? { mark: '', places: [], volumes: 0 },
    lookForCanaries: async () => [...(options.sights ?? [])],
    leaveInDatabases: async () => ({ mark: 'x', services: [...(options.databases ?? [])] }),
    goneFromDatabases: async ({ services }) => services.filter((service) => options.emptied?.includes(service)),
    observe: async () => ({ services: options.seen ?? both }),
    sameSpec: () => options.same ?? false,
  };
}
export function context(given: Deployment, changes: Partial<TierContext> = {}): TierContext {
  return {
    deployment: given,
    base,
    commit: tested,
    plan: everything,
    standing: undefined,
    kept: undefined,
    holdMs: 30_000,
    lintCommit: async () => [],
    runTests: async () => [],
    verifyBackup: async () => [],
    say: () => undefined,
    ...changes,
  };
}
