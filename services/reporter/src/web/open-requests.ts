import type { IntakeRecord } from '@cc-ci/shared/contract/intake';
import type { RunRecord } from '@cc-ci/shared/contract/run';

/** An outsider has asked for a run, and no member has answered yet. */
export interface OpenRequest {
  readonly intake: IntakeRecord & { readonly pull: number };
  readonly commit: string;
}

/**
 * What waits for a member's word, the longest waiting first: of each pull request its last request, where nothing was run there since.
 * @param intakes comments of any pull requests, in any order
 * @param runs all runs since the oldest of them
 */
export function openRequests(intakes: readonly IntakeRecord[], runs: readonly RunRecord[]): OpenRequest[] {
  const last = new Map<string, OpenRequest>();
  for (const intake of intakes.toSorted((a, b) => a.seenAt - b.seenAt)) {
    const { outcome, pull, repo } = intake;
    if (pull === null || outcome.kind !== 'reply' || outcome.reply.about !== 'outsider') continue;
    last.set(`${repo.id} ${pull}`, { intake: { ...intake, pull }, commit: outcome.reply.commit });
  }
  const isAnswered = ({ intake }: OpenRequest): boolean =>
    runs.some(
      ({ request, createdAt }) =>
        request.repo.id === intake.repo.id && request.pull?.number === intake.pull && createdAt >= intake.seenAt,
    );
  return [...last.values()].filter((request) => !isAnswered(request)).toSorted((a, b) => a.intake.seenAt - b.intake.seenAt);
}
