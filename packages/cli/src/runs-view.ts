import { topLevel } from '@cc-ci/shared/contract/glossary';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { duration } from '@cc-ci/shared/service/duration';

/** A run as `ccci runs` lists it, and prints it with `--json`. Times are Unix milliseconds. */
export interface ListedRun {
  readonly run: string;
  readonly recipe: string;
  readonly pull: number | null;
  readonly commit: string;
  /** `queued`, `running`, or how it ended. */
  readonly state: string;
  /** Where it failed. */
  readonly failedAt: string | null;
  readonly level: number | null;
  readonly askedAt: number;
  readonly endedAt: number | null;
}

export function listed({ id, request, state, verdict, cause, level, createdAt, endedAt }: RunRecord): ListedRun {
  return {
    run: id,
    recipe: request.recipe,
    pull: request.pull?.number ?? null,
    commit: request.commit,
    state: verdict ?? state,
    failedAt: verdict === 'failed' ? (cause?.tier ?? null) : null,
    level,
    askedAt: createdAt,
    endedAt,
  };
}

/** One run as a line for a person. @param now Unix milliseconds */
export function runLine({ run, recipe, pull, commit, state, failedAt, level, askedAt, endedAt }: ListedRun, now: number): string {
  const what = `${run}  ${recipe}${pull === null ? '' : ` #${pull}`} at ${commit.slice(0, 8)}`;
  const how = `${state}${failedAt === null ? '' : ` at ${failedAt}`}${level === null ? '' : `, level ${level} of ${topLevel}`}`;
  const when = endedAt === null ? `asked ${duration(now - askedAt)} ago` : `${duration(now - endedAt)} ago`;
  return `${what}: ${how}, ${when}`;
}
