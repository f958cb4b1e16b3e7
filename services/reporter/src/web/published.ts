import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { isWhole } from '@cc-ci/shared/runs/flags';

/** Whether a run says something of the whole commit, tested with its real images: no other one is published. */
export function isPublishable({ request, verdict, standIns }: RunRecord): boolean {
  return (verdict === 'passed' || verdict === 'failed') && !standIns && isWhole(request.flags);
}

/** The run that a recipe is known by: the last whole one of its default branch. @param runs of the recipe, newest first */
export function publishedRun(
  runs: readonly RunRecord[],
  { defaultBranch }: Pick<Enrolled, 'defaultBranch'>,
): RunRecord | undefined {
  return runs.find((run) => isPublishable(run) && run.request.pull === null && run.request.branch === defaultBranch);
}
