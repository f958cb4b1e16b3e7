import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Release } from '@cc-ci/deploy/deployer';
import { publishedService } from '@cc-ci/recipes/published';
import type { Tier } from '@cc-ci/shared/contract/glossary';
import type { HeldRun } from '../claim.ts';
import type { Standing } from '../deployment.ts';
import type { HostProxy } from '../probe.ts';
import type { Base, Skip } from '../schedule.ts';
import type { Workshop } from '../workshop.ts';
import { extraCount, findTests, type OwnTests, TestMisplaced } from './find.ts';
import type { TestCase } from './junit.ts';
import { runTests } from './run-tests.ts';

/** The folder of cc-ci itself, to which the setting `tests.source` is relative. */
const PROJECT = fileURLToPath(new URL('../../../..', import.meta.url));

/** How far the run has come when its tests begin. */
interface Moment {
  readonly standing: Standing | undefined;
  readonly passed: ReadonlySet<Tier>;
  readonly signal: AbortSignal;
  say(sentence: string): void;
}

/** cc-ci's own tests of the recipe that a run is about. */
export interface OwnTestsOfRun {
  /** What of them is not part of the run, and why. */
  readonly skips: { readonly custom?: Skip; readonly extra?: Skip | null };
  /** Throws TestMisplaced, NothingToTest, ImageUnavailable. */
  run(which: 'usual' | 'extra', moment: Moment): Promise<TestCase[]>;
}

/** Looks for the tests of a recipe; runs nothing yet. @param folder of the run, for what tests are given */
export async function openOwnTests(
  { run: { request }, app }: HeldRun,
  { settings, deployer, proxy }: Workshop,
  { release, base, folder }: { release: Release; base: Base | undefined; folder: string },
): Promise<OwnTestsOfRun> {
  const place = join(resolve(PROJECT, settings.tests.source), request.recipe);
  const found = await findTests(place).catch((error: unknown) => {
    // Said when they were to run.
    if (error instanceof TestMisplaced) return error;
    throw error;
  });
  return {
    skips: skipsOf(found, request.flags.extraTests || settings.tests.extra),
    async run(which, { standing, passed, signal, say }) {
      if (!found) return [];
      if (found instanceof TestMisplaced) throw found;
      const published = publishedService(release.document, app.domain);
      const names = new Set([standing?.served?.address ?? app.domain, app.domain, ...(published?.hosts ?? [])]);
      return await runTests(found, which, {
        app,
        deployer,
        proxy: await asContainersSee(proxy, deployer),
        settings: settings.tests,
        folder: join(folder, `tests-${which}`),
        service: published?.service ?? Object.keys(release.document.services)[0] ?? 'app',
        names: [...names],
        context: {
          meta: { recipe: request.recipe, commit: request.commit, version: release.version ?? null },
          op_state: {
            ...(passed.has('upgrade') && { upgraded: true, base_version: base?.version ?? null }),
            ...(passed.has('restore') && { restored: true }),
          },
          deps: {},
        },
        signal,
        say,
      });
    },
  };
}

function skipsOf(found: OwnTests | TestMisplaced | undefined, extraWanted: boolean): OwnTestsOfRun['skips'] {
  if (found instanceof TestMisplaced) return { extra: null };
  if (!found) return { custom: { reason: 'cc-ci has no tests of its own for it', intended: false }, extra: null };
  const count = extraCount(found);
  if (count > 0 && extraWanted) return {};
  if (count > 0)
    return { extra: { reason: 'not asked for', intended: true, note: `${count} extra test${count === 1 ? '' : 's'}` } };
  return { extra: extraWanted ? { reason: 'there are none', intended: true } : null };
}

/** Loopback is another place in a container: there the host is the gateway. */
async function asContainersSee(proxy: HostProxy, deployer: Workshop['deployer']): Promise<HostProxy> {
  const isLoopback = proxy.address === 'localhost' || (isIP(proxy.address) !== 0 && /^(?:127\.|::1$)/.test(proxy.address));
  if (!isLoopback) return proxy;
  const { gateway } = await deployer.host();
  return { ...proxy, address: gateway ?? proxy.address };
}
