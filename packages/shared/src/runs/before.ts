import type { Tier } from '../contract/glossary.ts';
import type { Before, Cause, Earlier, RunRecord } from '../contract/run.ts';
import { isWhole } from './flags.ts';

/** A verdict about a commit that is about to be written down. */
export interface Ending {
  readonly verdict: Earlier['verdict'];
  readonly cause: Cause | null;
}

/**
 * What earlier runs say of one that comes to its verdict: how its branch did last, and whether the same commit ended otherwise.
 * @param earlier of the same repository, newest first; the run itself may be among them
 */
export function beforeOf(run: RunRecord, ending: Ending, earlier: readonly RunRecord[]): Before {
  const others = earlier.filter(({ id }) => id !== run.id);
  const { commit, pull, branch = pull?.baseRef } = run.request;
  const [last] = others.filter(({ request }) => isOfBranch(request, branch)).flatMap(asEarlier);
  const [otherwise] = others.filter((each) => each.request.commit === commit && contradict(each, run, ending)).flatMap(asEarlier);
  return { branch: branch !== undefined && last ? { name: branch, last } : null, otherwise: otherwise ?? null };
}

/** Only the head of the branch itself, tested whole: what somebody proposes for it is not the branch yet. */
function isOfBranch({ pull, branch, flags }: RunRecord['request'], name: string | undefined): boolean {
  return pull === null && branch !== undefined && branch === name && isWhole(flags);
}

/** Whether one of the two failed at a step that the other passed. */
function contradict(earlier: RunRecord, run: RunRecord, { verdict, cause }: Ending): boolean {
  if (verdict === 'failed') return passedAt(earlier, brokenAt(cause));
  const tier = earlier.verdict === 'failed' ? brokenAt(earlier.cause) : undefined;
  return tier !== undefined && (run.request.flags.stages?.includes(tier) ?? true);
}

/** What is wrong in the recipe's files is wrong each time, until the rules change: only what an app does may come and go. */
function brokenAt(cause: Cause | null): Tier | undefined {
  return cause?.fault === 'app' ? (cause.tier ?? undefined) : undefined;
}

function passedAt({ steps }: RunRecord, tier: Tier | undefined): boolean {
  return steps.some((step) => step.tier === tier && step.state === 'pass');
}

function asEarlier({ id, request, verdict, level, cause, steps, resources, endedAt }: RunRecord): Earlier[] {
  if (endedAt === null || (verdict !== 'passed' && verdict !== 'failed')) return [];
  const states = Object.fromEntries(steps.map(({ tier, state }) => [tier, state]));
  return [{ run: id, commit: request.commit, verdict, level, failedAt: cause?.tier ?? null, states, resources, endedAt }];
}
