import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { App, Deployer } from '@cc-ci/deploy/deployer';
import { type Recipe, readRecipe } from '@cc-ci/recipes/recipe';
import { RecipeUnreadable } from '@cc-ci/recipes/recipe-unreadable';
import type { RunRequest } from '@cc-ci/shared/contract/run';
import { CheckoutFailed, checkout, type Fetching, type References, references } from './checkout.ts';
import { isOfTheRecipe } from './fault.ts';
import { type Base, chooseBase, NO_EARLIER, type NoBase, nameOf, patternsOf } from './schedule.ts';
import { type OwnSettings, onceUpgraded } from './tests/own-settings.ts';
import type { BaseRelease } from './tiers/tier.ts';

/** A base that is ready to be installed. */
export interface FoundBase extends BaseRelease {
  readonly base: Base;
  /** Its recipe, as an operator had it. */
  readonly recipe: Recipe;
}

/** What the forge knows of a recipe, and where its releases are to be had. */
export interface KnownReleases extends References {
  readonly url: string;
}

export interface BaseSearch {
  readonly app: App;
  readonly request: RunRequest;
  readonly releases: KnownReleases;
  /** The commit under test, and the version that its document names. */
  readonly recipe: Recipe;
  readonly version: string | undefined;
  readonly own: OwnSettings;
  readonly deployer: Pick<Deployer, 'prepare'>;
  readonly folder: string;
  readonly fetching: Fetching;
}

/** Finds what the upgrade starts from, and makes it ready; else says why there is nothing. */
export async function findBase(search: BaseSearch): Promise<FoundBase | NoBase> {
  const { request, version, releases, own } = search;
  const { commits } = releases;
  const base = chooseBase({
    commit: request.commit,
    version,
    references: commits,
    baseBranch: request.pull?.baseRef,
    pinned: own.upgrade_from,
  });
  if ('reason' in base) return base;
  try {
    return await makeReady(base, base.version === null ? request.cloneUrl : releases.url, search);
  } catch (error) {
    if (isOfTheRecipe(error)) return { reason: `${nameOf(base)}, the version before, cannot be read` };
    if (error instanceof CheckoutFailed && error.kind === 'absent')
      return { reason: `${nameOf(base)}, the version before, is not to be had from the forge` };
    throw error;
  }
}

/**
 * Asks for the releases of a recipe and for the branch that the request goes to. Throws CheckoutFailed.
 * @param upstream where release tags are read from when the enrolled repositories are mirrors
 */
export async function findReleases(
  { cloneUrl, recipe, pull }: RunRequest,
  upstream: string | undefined,
  fetching: Fetching,
): Promise<KnownReleases> {
  const patterns = patternsOf(pull?.baseRef);
  if (upstream === undefined) return { ...(await references(cloneUrl, patterns, fetching)), url: cloneUrl };
  const [tags = '', ...branches] = patterns;
  const url = `${upstream.replace(/\/+$/, '')}/${recipe}.git`;
  const releases = await references(url, [tags], fetching);
  if (branches.length === 0) return { ...releases, url };
  const own = await references(cloneUrl, branches, fetching);
  return { url, annotated: releases.annotated, commits: new Map([...releases.commits, ...own.commits]) };
}

async function makeReady(
  base: Base,
  url: string,
  { app, deployer, fetching, folder, own, recipe, request }: BaseSearch,
): Promise<FoundBase | NoBase> {
  const { signal } = fetching;
  const place = join(folder, 'base');
  await checkout({ url, commit: base.commit, reference: base.reference }, place, fetching);
  // A branch that holds no recipe yet: this pull request brings the first one.
  if (!(await exists(join(place, 'compose.yml')))) return { reason: NO_EARLIER };
  const before = await readRecipe(place, request.recipe, { settings: own });
  return {
    base,
    recipe: before,
    name: nameOf(base),
    release: await deployer.prepare(app, before, base.commit, signal),
    // Operators keep their `.env` over an upgrade: what is new in the sample reaches them only through defaults in compose.
    upgraded: async () => {
      const kept = { settings: onceUpgraded(own), configured: before.sample };
      const configured = await readRecipe(recipe.folder, request.recipe, kept);
      return await deployer.prepare(app, configured, request.commit, signal).catch((error: unknown) => {
        throw error instanceof RecipeUnreadable ? asUpgrade(error, newVariables(before, recipe)) : error;
      });
    },
  };
}

function newVariables(before: Recipe, commit: Recipe): string[] {
  const known = new Set(before.sample.entries.map(({ key }) => key));
  return commit.sample.entries.map(({ key }) => key).filter((key) => !known.has(key));
}

/** Where a recipe can be read by itself, and not with an operator's `.env`, what is new in its `.env.sample` is why. */
function asUpgrade({ file, line, problem, remedy }: RecipeUnreadable, added: readonly string[]): RecipeUnreadable {
  const place = { file, ...(line !== undefined && { line }) };
  if (added.length === 0) return new RecipeUnreadable({ ...place, problem, remedy });
  const names = added.map((key) => `\`${key}\``).join(', ');
  return new RecipeUnreadable({
    ...place,
    problem: `${problem}. Whoever upgrades keeps the \`.env\` of before, and ${names} ${added.length === 1 ? 'is' : 'are'} new`,
    remedy: `Give ${names} a default in \`compose.yml\`, as in \`\${${added[0]}:-value}\`.`,
  });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
