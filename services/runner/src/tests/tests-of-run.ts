import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Release } from '@cc-ci/deploy/deployer';
import { publishedService } from '@cc-ci/recipes/published';
import type { Tier } from '@cc-ci/shared/contract/glossary';
import { NOT_ASKED_FOR, type RunFlags, type TestResult } from '@cc-ci/shared/contract/run';
import { counted } from '@cc-ci/shared/service/counted';
import type { HeldRun } from '../claim.ts';
import type { Deployment, Standing } from '../deployment.ts';
import type { HostProxy } from '../probe.ts';
import type { Base, Skip } from '../schedule.ts';
import type { Workshop } from '../workshop.ts';
import { extraCount, filesOf, findLocalTests, findTests, type OwnTests, TestMisplaced, type TestTier } from './find.ts';
import { ownFolder } from './own-settings.ts';
import { runTests } from './run-tests.ts';

/** How far the run has come when its tests begin. */
interface Moment extends Pick<Deployment, 'bring'> {
  readonly standing: Standing | undefined;
  readonly passed: ReadonlySet<Tier>;
  readonly signal: AbortSignal;
  say(sentence: string): void;
}

/** The tests that a run makes: cc-ci's own of this recipe, and those in the recipe where an operator approves them. */
export interface TestsOfRun {
  /** What of them is not made, and why; null: not part of the run. */
  readonly skips: Readonly<Partial<Record<TestTier, Skip | null>>>;
  /** Throws TestMisplaced, NothingToTest, ImageUnavailable, PullTooSlow. */
  run(tier: TestTier, moment: Moment): Promise<TestResult[]>;
}

/** What was found, or a test that would never run: that is said when the others were to run. */
type Found = OwnTests | TestMisplaced | undefined;

/** Looks for the tests of a recipe; runs nothing yet. @param folder of the run, for what tests are given */
export async function openTests(
  { run: { request }, app }: HeldRun,
  { settings, deployer, proxy }: Workshop,
  { release, base, folder }: { release: Release; base: Base | undefined; folder: string },
): Promise<TestsOfRun> {
  const own = await findTests(ownFolder(settings.tests.source, request.recipe)).catch(orMisplaced);
  const local = await findLocalTests(release.recipe.folder).catch(orMisplaced);
  return {
    skips: {
      ...skipsOf(own, asksForExtra(request.flags) || settings.tests.extra),
      ...localSkip(local, settings.tests.approved_local.includes(request.recipe)),
    },
    async run(tier, { bring, standing, passed, signal, say }) {
      const found = tier === 'local' ? local : own;
      if (!found) return [];
      if (found instanceof TestMisplaced) throw found;
      await bring([settings.tests.toolbox]);
      const published = publishedService(release.document, app.domain);
      const names = new Set([standing?.served?.address ?? app.domain, app.domain, ...(published?.hosts ?? [])]);
      return await runTests(found, tier === 'extra' ? 'extra' : 'usual', {
        app,
        deployer,
        proxy: await asContainersSee(proxy, deployer),
        settings: settings.tests,
        folder: join(folder, `tests-${tier}`),
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
        trusted: tier !== 'local',
        signal,
        say,
      });
    },
  };
}

function asksForExtra({ extraTests, stages }: RunFlags): boolean {
  return extraTests || (stages?.includes('extra') ?? false);
}

function orMisplaced(error: unknown): TestMisplaced {
  if (error instanceof TestMisplaced) return error;
  throw error;
}

function skipsOf(found: Found, extraWanted: boolean): TestsOfRun['skips'] {
  if (found instanceof TestMisplaced) return { extra: null };
  const none = { custom: { reason: 'cc-ci has no tests of its own for it', intended: false } };
  if (!found) return { ...none, extra: null };
  const count = extraCount(found);
  // A folder with nothing at all that would run is a mistake, and red.
  const usual = filesOf(found.usual).length === 0 && (found.hasSettings || count > 0) ? none : {};
  if (count > 0 && extraWanted) return usual;
  if (count > 0) return { ...usual, extra: { reason: NOT_ASKED_FOR, intended: true, note: counted(count, 'extra tests') } };
  return { ...usual, extra: extraWanted ? { reason: 'there are none', intended: true } : null };
}

/** A stranger's code runs nowhere but where an operator has said so. */
function localSkip(found: Found, approved: boolean): TestsOfRun['skips'] {
  if (!found) return { local: null };
  if (approved) return {};
  return { local: { reason: 'the tests in the recipe itself run once an operator approves them', intended: true } };
}

/** Loopback is another place in a container: there the host is the gateway. */
async function asContainersSee(proxy: HostProxy, deployer: Workshop['deployer']): Promise<HostProxy> {
  const isLoopback = proxy.address === 'localhost' || (isIP(proxy.address) !== 0 && /^(?:127\.|::1$)/.test(proxy.address));
  if (!isLoopback) return proxy;
  return { ...proxy, address: (await deployer.gateway()) ?? proxy.address };
}
