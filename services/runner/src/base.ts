import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { App, Deployer } from '@cc-ci/deploy/deployer';
import { type Recipe, readRecipe } from '@cc-ci/recipes/recipe';
import { RecipeUnreadable } from '@cc-ci/recipes/recipe-unreadable';
import type { RunRequest } from '@cc-ci/shared/contract/run';
import { CheckoutFailed, checkout, type Fetching, references } from './checkout.ts';
import { isOfTheRecipe } from './fault.ts';
import { type Base, chooseBase, NO_EARLIER, type NoBase, nameOf, patternsOf } from './schedule.ts';
import type { BaseRelease } from './tiers/tier.ts';

/** A base that is ready to be installed. */
export interface FoundBase extends BaseRelease {
  readonly base: Base;
}

export interface BaseSearch {
  readonly app: App;
  readonly request: RunRequest;
  /** Where release tags are read from when the enrolled repositories are mirrors. */
  readonly upstream: string | undefined;
  /** The commit under test, and the version that its document names. */
  readonly recipe: Recipe;
  readonly version: string | undefined;
  readonly deployer: Pick<Deployer, 'prepare'>;
  readonly folder: string;
  readonly fetching: Fetching;
}

/** Finds what the upgrade starts from, and makes it ready; else says why there is nothing. */
export async function findBase(search: BaseSearch): Promise<FoundBase | NoBase> {
  const { request, version } = search;
  const found = await referencesOf(search);
  const base = chooseBase({ commit: request.commit, version, references: found.all, baseBranch: request.pull?.baseRef });
  if ('reason' in base) return base;
  try {
    return await makeReady(base, base.version === null ? request.cloneUrl : found.releasesUrl, search);
  } catch (error) {
    if (isOfTheRecipe(error)) return { reason: `${nameOf(base)}, the version before, cannot be read` };
    if (error instanceof CheckoutFailed && error.kind === 'absent')
      return { reason: `${nameOf(base)}, the version before, is not to be had from the forge` };
    throw error;
  }
}

async function referencesOf({
  request,
  upstream,
  fetching,
}: BaseSearch): Promise<{ all: Map<string, string>; releasesUrl: string }> {
  const patterns = patternsOf(request.pull?.baseRef);
  if (upstream === undefined)
    return { all: await references(request.cloneUrl, patterns, fetching), releasesUrl: request.cloneUrl };
  const [tags = '', ...branches] = patterns;
  const releasesUrl = `${upstream.replace(/\/+$/, '')}/${request.recipe}.git`;
  const releases = await references(releasesUrl, [tags], fetching);
  const own = branches.length === 0 ? new Map<string, string>() : await references(request.cloneUrl, branches, fetching);
  return { all: new Map([...releases, ...own]), releasesUrl };
}

async function makeReady(
  base: Base,
  url: string,
  { app, deployer, fetching, folder, recipe, request }: BaseSearch,
): Promise<FoundBase | NoBase> {
  const { signal } = fetching;
  const place = join(folder, 'base');
  await checkout({ url, commit: base.commit, reference: base.reference }, place, fetching);
  // A branch that holds no recipe yet: this pull request brings the first one.
  if (!(await exists(join(place, 'compose.yml')))) return { reason: NO_EARLIER };
  const before = await readRecipe(place, request.recipe);
  return {
    base,
    name: nameOf(base),
    release: await deployer.prepare(app, before, base.commit, signal),
    // Operators keep their `.env` over an upgrade: what is new in the sample reaches them only through defaults in compose.
    upgraded: async () => {
      const configured = await readRecipe(recipe.folder, request.recipe, before.sample);
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
