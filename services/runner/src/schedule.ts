import { newestOlderThan, parseVersion } from '@cc-ci/recipes/versions';
import { builtTiers, type Tier } from '@cc-ci/shared/contract/glossary';
import { NOT_ASKED_FOR } from '@cc-ci/shared/contract/run';
import type { Planned } from '@cc-ci/shared/runs/next';

/** What an upgrade starts from. */
export interface Base {
  /** The release, or null where it is the tip of a branch. */
  readonly version: string | null;
  readonly commit: string;
  /** Under which the forge lists it, e.g. `refs/tags/1.0.0+2.3.4`. */
  readonly reference: string;
}

/** What the choice of a base rests on. */
export interface Candidates {
  /** The commit under test, and the version that its own document names. */
  readonly commit: string;
  readonly version: string | undefined;
  /** Release tags and branches of the forge by their full names, each with its commit. */
  readonly references: ReadonlyMap<string, string>;
  /** The branch that the pull request goes to, where there is one. */
  readonly baseBranch: string | undefined;
  /** The release that cc-ci's own settings of the recipe name. */
  readonly pinned?: string | undefined;
}

/** There is no base, and why: a half sentence. */
export interface NoBase {
  readonly reason: string;
}

/** Why there is no upgrade, as a half sentence. */
export const NO_EARLIER = 'there is no earlier version to upgrade from';

/** What the full name of a tag begins with. */
export const TAG = 'refs/tags/';
const BRANCH = 'refs/heads/';

/** What is asked of the forge for `chooseBase`. */
export function patternsOf(baseBranch: string | undefined): string[] {
  return [`${TAG}*`, ...(baseBranch === undefined ? [] : [`${BRANCH}${baseBranch}`])];
}

/**
 * Chooses what an operator would upgrade from: the newest release that the commit comes after, or where there is none the
 * branch that it is meant for. Never the commit itself.
 */
export function chooseBase({ commit, version, references, baseBranch, pinned }: Candidates): Base | NoBase {
  const releases = tagsIn(references);
  if (pinned !== undefined) {
    const sha = releases.get(pinned);
    if (sha === undefined) return { reason: `there is no release \`${pinned}\`, which cc-ci’s own settings name as its base` };
    return { version: pinned, commit: sha, reference: TAG + pinned };
  }
  const release = version === undefined ? undefined : newestBefore(releases, version, commit);
  if (release) return { ...release, reference: TAG + release.version };
  const reference = BRANCH + baseBranch;
  const tip = references.get(reference);
  if (tip !== undefined && tip !== commit) return { version: null, commit: tip, reference };
  return { reason: NO_EARLIER };
}

/** The tags among references by full names, each with its commit. */
export function tagsIn(references: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...references].flatMap(([name, sha]) => (name.startsWith(TAG) ? [[name.slice(TAG.length), sha]] : [])));
}

/**
 * A commit that still names an existing release, and is not it, comes after it: maintainers raise the version only when they
 * release. So that release counts too, not only strictly older ones.
 */
function newestBefore(
  releases: ReadonlyMap<string, string>,
  version: string,
  commit: string,
): { version: string; commit: string } | undefined {
  const others = [...releases.keys()].filter((tag) => releases.get(tag) !== commit);
  const named = parseVersion(version) && others.includes(version) ? version : newestOlderThan(others, version);
  const sha = named === undefined ? undefined : releases.get(named);
  return named === undefined || sha === undefined ? undefined : { version: named, commit: sha };
}

/** Why a step is not part of a run. `intended`: there is nothing that it could test. */
export interface Skip {
  readonly reason: string;
  readonly intended: boolean;
  /** A fact for people, as that of a step that was made. */
  readonly note?: string;
}

/** What a step stands on: without that it has nothing to look at. */
const standsOn: Partial<Record<Tier, readonly Tier[]>> = {
  upgrade: ['install'],
  backup: ['install'],
  restore: ['install', 'backup'],
  custom: ['install'],
  local: ['install'],
  extra: ['install'],
};

/** Whether a step is made for whoever asked for these, or for all (null). */
export function isAskedFor(tier: Tier, stages: readonly Tier[] | null): boolean {
  return stages === null || stages.some((asked) => asked === tier || standsOn[asked]?.includes(tier));
}

/**
 * The steps of a run, in their order.
 * @param skips those that are not made, each with why; null: not even part of it
 * @param stages those that were asked for; null: all
 */
export function planSteps(skips: Partial<Record<Tier, Skip | null>>, stages: readonly Tier[] | null): Planned[] {
  const part = builtTiers.filter((tier) => skips[tier] !== null);
  return part.map((tier) => {
    const skip = isAskedFor(tier, stages) ? skips[tier] : { reason: NOT_ASKED_FOR, intended: true };
    return skip ? { tier, state: 'skip', ...skip } : { tier, state: 'pending' };
  });
}

/** How people know a base: by its release, or by its commit. Markdown. */
export function nameOf({ version, commit }: Pick<Base, 'version' | 'commit'>): string {
  return `\`${version ?? commit.slice(0, 8)}\``;
}
