import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import { RunId } from '@cc-ci/shared/contract/ids';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import type { Settings } from '@cc-ci/shared/contract/settings';
import { z } from 'zod';
import { RecipeParams, recipeOf } from './recipe-routes.ts';

export interface AccessParts {
  readonly access: Settings['dashboard']['access'];
  readonly read: (id: RunId) => Promise<RunRecord | undefined>;
  readonly enrolled: () => Promise<readonly Enrolled[]>;
}

const Params = z.object({ id: RunId });

/** Whether what is asked for is only for those who have signed in: everything, where the settings say so, else what is private on the forge. */
export async function needsSignIn(params: unknown, { access, read, enrolled }: AccessParts): Promise<boolean> {
  if (access === 'token') return true;
  const [recipe, asked] = [RecipeParams.safeParse(params), Params.safeParse(params)];
  // Most of what is asked for is about no single run or recipe.
  if (recipe.success) return recipeOf(recipe.data, await enrolled())?.private ?? false;
  const run = asked.success ? await read(asked.data.id) : undefined;
  return run !== undefined && isPrivate(run, await enrolled());
}

/**
 * Whether a run is of a repository that not everybody may read, as far as is known: one that is not on the list, because it was
 * archived or the list was lost, may have been private.
 */
export function isPrivate(run: RunRecord, enrolled: readonly Enrolled[]): boolean {
  return !enrolled.some((each) => !each.private && each.repo.id === run.request.repo.id);
}
