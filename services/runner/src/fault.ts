import { DeployRefused, ImageUnavailable, NotConverged, RecipeRefused } from '@cc-ci/deploy/errors';
import { RecipeUnreadable } from '@cc-ci/recipes/recipe-unreadable';
import { NotServing } from './probe.ts';
import { AddressLost, BackupUnfit, BrokenBefore, DataLost, NotUpgraded, StepFailed, TestsFailed } from './tiers/failures.ts';

/** The recipe cannot be read or may not be deployed: somebody has to change its files. */
export function isOfTheRecipe(error: unknown): error is RecipeUnreadable | RecipeRefused {
  return error instanceof RecipeUnreadable || error instanceof RecipeRefused;
}

/** What failed is what was tested, not cc-ci or what it depends on. */
export function isOfTheApp(error: unknown): error is Error {
  return (
    isOfTheRecipe(error) ||
    error instanceof DeployRefused ||
    error instanceof NotConverged ||
    error instanceof NotServing ||
    error instanceof NotUpgraded ||
    error instanceof AddressLost ||
    error instanceof DataLost ||
    error instanceof BackupUnfit ||
    error instanceof TestsFailed ||
    error instanceof BrokenBefore ||
    error instanceof StepFailed ||
    (error instanceof ImageUnavailable && error.kind === 'missing')
  );
}
