import { join } from 'node:path';
import { backupOf } from '@cc-ci/recipes/backup';
import { readRecipe } from '@cc-ci/recipes/recipe';
import type { Tier } from '@cc-ci/shared/contract/glossary';
import { reached } from '@cc-ci/shared/service/reached';
import { findBase, findReleases } from './base.ts';
import { checkout, type Fetching } from './checkout.ts';
import type { HeldRun } from './claim.ts';
import { openDeployment, type Standing } from './deployment.ts';
import type { Journal } from './journal.ts';
import { lintCommit } from './lint-commit.ts';
import { makeSteps, type SoFar } from './make-steps.ts';
import { openMeasuring } from './measuring.ts';
import { isAskedFor, planSteps, type Skip } from './schedule.ts';
import { type OwnSettings, onceUpgraded, ownFolder, readOwnSettings, timeoutsFor } from './tests/own-settings.ts';
import { type Moment, openTests } from './tests/tests-of-run.ts';
import { TestsFailed } from './tiers/failures.ts';
import type { Workshop } from './workshop.ts';

/** The tests themselves. Returns when all of them passed or were skipped, throws otherwise. */
export async function testCommit(held: HeldRun, workshop: Workshop, journal: Journal, signal: AbortSignal): Promise<void> {
  const { run, app } = held;
  const { settings, deployer, disk, proxy, access, broom, now } = workshop;
  const { request } = run;
  const { stages } = request.flags;
  await journal.record({ kind: 'planned', steps: planSteps({ local: null, extra: null }, stages), version: null, base: null });
  await disk.require(settings.deploy.minimum_free_disk_gb);

  const folder = join(broom.checkouts, app.stack);
  const place = join(folder, 'commit');
  const reference = request.pull === null ? undefined : `refs/pull/${request.pull.number}/head`;
  const onAway = (why: string): void => journal.now(`waiting for the forge (${why})`);
  const fetching: Fetching = { access, signal, onAway };
  journal.now(`fetching ${request.recipe} at \`${request.commit.slice(0, 8)}\``);
  await checkout({ url: request.cloneUrl, commit: request.commit, reference }, place, fetching);
  reached('runner.fetched');
  const own = await readOwnSettings(ownFolder(settings.tests.source, request.recipe), request.recipe);
  const recipe = await readRecipe(place, request.recipe, { settings: onceUpgraded(own) });
  const commit = await deployer.prepare(app, recipe, request.commit, signal);
  reached('runner.prepared');

  journal.now('looking for the version before');
  const releases = await findReleases(request, settings.enrol.upstream, fetching);
  const found = await findBase({ app, request, releases, recipe, version: commit.version, own, deployer, folder, fetching });
  const [before, noBase] = 'reason' in found ? [undefined, found.reason] : [found, undefined];
  // Without its upgrade a base would be all that is looked at.
  const base = isAskedFor('upgrade', stages) && own.not_applicable.upgrade === undefined ? before : undefined;
  const wanted = backupOf(commit.document);
  const [plan, noBackup] = 'reason' in wanted ? [undefined, wanted] : [wanted, undefined];
  const tests = await openTests(held, workshop, { release: commit, base: base?.base, folder });
  const steps = planSteps(
    {
      ...tests.skips,
      ...(noBase !== undefined && { upgrade: { reason: noBase, intended: false } }),
      ...(noBackup && { backup: noBackup, restore: noBackup }),
      ...notApplicable(own),
    },
    stages,
  );
  const version = commit.version ?? null;
  await journal.record({
    kind: 'planned',
    steps,
    version,
    base: base ? { version: base.base.version, commit: base.base.commit } : null,
  });

  const { policy } = settings;
  const timeouts = timeoutsFor(settings.timeouts, own);
  const allowed = policy[request.recipe]?.allow ?? [];
  const backups = join(folder, 'backup');
  const say = (sentence: string): void => journal.say(sentence);
  const moment = (sofar: Pick<SoFar, 'standing' | 'passed'>): Moment => ({ ...sofar, bring: deployment.bring, signal, say });
  const { hooks } = tests;
  const ready = async (standing: Standing): Promise<void> => {
    const told = await tests.call(hooks.ready, timeouts.http_seconds, moment({ standing, passed: new Set() }));
    const red = told.filter(({ state }) => state === 'fail');
    if (red.length > 0) throw new TestsFailed(red, told.length);
  };
  const deployment = openDeployment({
    app,
    deployer,
    journal,
    proxy,
    health: own.health,
    ready,
    timeouts,
    allowed,
    folder: backups,
    signal,
    now,
  });
  const measure = openMeasuring({ app, deployer, journal, commit: request.commit });
  await makeSteps(steps, journal, signal, measure, (sofar) => ({
    ...sofar,
    deployment,
    base,
    commit,
    plan,
    holdMs: timeouts.hold_seconds * 1000,
    lintCommit: () => lintCommit({ recipe, commit: request.commit, base: before, releases }),
    runTests: (tier) => tests.run(tier, moment(sofar)),
    verifyBackup: () => tests.call(hooks.backupVerified, 0, moment(sofar)),
    around: (tier) => ({
      before: () => (tier === 'install' ? none() : tests.call(hooks.before[tier], 0, moment(sofar))),
      async after(standing) {
        const then = moment({ ...sofar, standing });
        const seeded = tier === 'install' ? await tests.call(hooks.before[tier], 0, then) : [];
        return [...seeded, ...(await tests.runOfStep(tier, then))];
      },
    }),
    say,
  }));
}

const none = async (): Promise<[]> => [];

/** Steps that cc-ci's own settings of the recipe take out of its runs. Without a backup there is nothing to restore. */
function notApplicable({ not_applicable: { backup, restore = backup, ...others } }: OwnSettings): Partial<Record<Tier, Skip>> {
  const reasons = { ...others, ...(backup !== undefined && { backup }), ...(restore !== undefined && { restore }) };
  return Object.fromEntries(Object.entries(reasons).map(([tier, reason]) => [tier, { reason, intended: true }]));
}
