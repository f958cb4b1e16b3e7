import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Overlay } from '@cc-ci/recipes/overlay';
import type { RunSettings } from '@cc-ci/recipes/recipe';
import { RecipeYml } from '@cc-ci/recipes/recipe-yml';
import type { Settings } from '@cc-ci/shared/contract/settings';
import { readSettings } from '@cc-ci/shared/service/settings-file';

/** The folder of cc-ci itself, to which the setting `tests.source` is relative. */
const PROJECT = fileURLToPath(new URL('../../../..', import.meta.url));

/** What lies beside cc-ci's own tests of a recipe and is none: what its runs do differently. */
export const RECIPE_YML = 'recipe.yml';
export const OVERLAY = 'compose.ccci.yml';

/** What cc-ci itself knows of one recipe. */
export interface OwnSettings extends RecipeYml {
  /** What this host needs so that the recipe runs on it. */
  readonly overlay: Overlay | undefined;
}

/** The folder with cc-ci's own tests of a recipe; it need not be there. @param source the setting `tests.source` */
export function ownFolder(source: string, recipe: string): string {
  return join(resolve(PROJECT, source), recipe);
}

/** What is set for a commit that may be upgraded to: whatever is set from the upgrade on, too. */
export function onceUpgraded({ environment, upgrade_environment, ...rest }: OwnSettings): RunSettings {
  return { ...rest, environment: { ...environment, ...upgrade_environment } };
}

/** How long a run of this recipe waits for what. */
export function timeoutsFor(usual: Settings['timeouts'], { timeouts }: Pick<OwnSettings, 'timeouts'>): Settings['timeouts'] {
  return {
    ...usual,
    converge_minutes: timeouts.converge_minutes ?? usual.converge_minutes,
    http_seconds: timeouts.http_seconds ?? usual.http_seconds,
    hold_seconds: timeouts.hold_seconds ?? usual.hold_seconds,
  };
}

/** Reads both files; what is not there says nothing. Throws SettingsRefused. @param folder with cc-ci's own tests of the recipe */
export async function readOwnSettings(folder: string, recipe: string): Promise<OwnSettings> {
  const find = (file: string): string | undefined => (existsSync(join(folder, file)) ? join(folder, file) : undefined);
  const [yml, overlay] = [find(RECIPE_YML), find(OVERLAY)];
  const known = (file: string): string => `tests/${recipe}/${file}`;
  return {
    ...(yml === undefined ? RecipeYml.parse({}) : await readSettings(yml, RecipeYml, known(RECIPE_YML))),
    overlay: overlay === undefined ? undefined : await readSettings(overlay, Overlay, known(OVERLAY)),
  };
}
