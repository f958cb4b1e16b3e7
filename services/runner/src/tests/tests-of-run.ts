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
import { findHooks, type Hook, type Hooks, HookUnknown, noHooks } from './hooks.ts';
import { ownFolder } from './own-settings.ts';
import { runHook } from './run-hook.ts';
import { runTests } from './run-tests.ts';
import type { Testing } from './testing.ts';

/** How far the run has come when its tests begin. */
export interface Moment extends Pick<Deployment, 'bring'> {
  readonly standing: Standing | undefined;
  readonly passed: ReadonlySet<Tier>;
  readonly signal: AbortSignal;
  say(sentence: string): void;
}

/** The tests that a run makes: cc-ci's own of this recipe, and those in the recipe where an operator approves them. */
export interface TestsOfRun {
  /** What of them is not made, and why; null: not part of the run. */
  readonly skips: Readonly<Partial<Record<TestTier, Skip | null>>>;
  readonly hooks: Hooks;
  /** Throws TestMisplaced, HookUnknown, NothingToTest, ImageUnavailable, PullTooSlow. */
  run(tier: TestTier, moment: Moment): Promise<TestResult[]>;
  /** Runs the tests that belong to a step, none where there are none. Throws as `run`. */
  runOfStep(tier: Tier, moment: Moment): Promise<TestResult[]>;
  /** Calls a hook; nothing where it is none. @param seconds see `runHook`. Throws as `run`. */
  call(hook: Hook | undefined, seconds: number, moment: Moment): Promise<TestResult[]>;
}

/** What was found, or a test that would never run: that is said when the others were to run. */
type Found = OwnTests | TestMisplaced | HookUnknown | undefined;

/** Looks for the tests of a recipe; runs nothing yet. @param folder of the run, for what tests are given */
export async function openTests(
  { run: { request }, app }: HeldRun,
  { settings, deployer, proxy }: Workshop,
  { release, base, folder }: { release: Release; base: Base | undefined; folder: string },
): Promise<TestsOfRun> {
  const place = ownFolder(settings.tests.source, request.recipe);
  const hooks = await findHooks(place).catch(orMisplaced);
  const own = hooks instanceof Error ? hooks : await findTests(place).catch(orMisplaced);
  const local = await findLocalTests(release.recipe.folder).catch(orMisplaced);
  const testing = async (tier: Tier, { bring, standing, passed, signal, say }: Moment): Promise<Testing> => {
    await bring([settings.tests.toolbox]);
    const up = standing?.release ?? release;
    const published = publishedService(up.document, app.domain);
    const names = new Set([standing?.served?.address ?? app.domain, app.domain, ...(published?.hosts ?? [])]);
    return {
      app,
      deployer,
      proxy: await asContainersSee(proxy, deployer),
      settings: settings.tests,
      folder: join(folder, `tests-${tier}`),
      service: published?.service ?? Object.keys(up.document.services)[0] ?? 'app',
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
    };
  };
  return {
    hooks: hooks instanceof Error ? noHooks : hooks,
    skips: {
      ...skipsOf(own, asksForExtra(request.flags) || settings.tests.extra),
      ...localSkip(local, settings.tests.approved_local.includes(request.recipe)),
    },
    async run(tier, moment) {
      const found = tier === 'local' ? local : own;
      if (!found) return [];
      if (found instanceof Error) throw found;
      return await runTests(found, tier === 'extra' ? 'extra' : 'usual', await testing(tier, moment));
    },
    async runOfStep(tier, moment) {
      const file = own === undefined || own instanceof Error ? undefined : own.ofSteps[tier];
      if (own === undefined || own instanceof Error || file === undefined) return [];
      const only = { ...own, usual: { pytest: [file], vitest: [], programs: [] } };
      return await runTests(only, 'usual', await testing(tier, { ...moment, passed: new Set([...moment.passed, tier]) }));
    },
    async call(hook, seconds, moment) {
      if (!hook) return [];
      return [await runHook(hook, place, seconds, await testing('custom', moment))];
    },
  };
}

function asksForExtra({ extraTests, stages }: RunFlags): boolean {
  return extraTests || (stages?.includes('extra') ?? false);
}

function orMisplaced(error: unknown): TestMisplaced | HookUnknown {
  if (error instanceof TestMisplaced || error instanceof HookUnknown) return error;
  throw error;
}

function skipsOf(found: Found, extraWanted: boolean): TestsOfRun['skips'] {
  if (found instanceof Error) return { extra: null };
  const more = found && Object.keys(found.ofSteps).length > 0 ? ' but those of single steps' : '';
  const none = { custom: { reason: `cc-ci has no tests of its own for it${more}`, intended: false } };
  if (!found) return { ...none, extra: null };
  const count = extraCount(found);
  // A folder with nothing at all that would run is a mistake, and red.
  const usual = filesOf(found.usual).length === 0 && (found.hasMore || count > 0) ? none : {};
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
