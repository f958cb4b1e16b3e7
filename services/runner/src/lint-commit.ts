import type { LintFinding } from '@cc-ci/recipes/lint/finding';
import { lint } from '@cc-ci/recipes/lint/lint';
import { readTree } from '@cc-ci/recipes/lint/tree';
import type { Recipe } from '@cc-ci/recipes/recipe';
import { newest } from '@cc-ci/recipes/versions';
import type { FoundBase, KnownReleases } from './base.ts';
import { TAG, tagsIn } from './schedule.ts';

/** What lint is made of: the commit, what came before it, and what the forge lists. */
export interface LintSubject {
  readonly recipe: Recipe;
  readonly commit: string;
  readonly base: FoundBase | undefined;
  readonly releases: KnownReleases;
}

/** What lint holds against the commit, errors first. */
export async function lintCommit({ recipe, commit, base, releases }: LintSubject): Promise<LintFinding[]> {
  const tags = [...tagsIn(releases.commits)];
  return lint(await readTree(recipe), {
    before: base && { tree: await readTree(base.recipe), version: base.base.version },
    lightweight: tags.map(([tag]) => tag).filter((tag) => !releases.annotated.has(TAG + tag)),
    tag: newest(tags.filter(([, of]) => of === commit).map(([tag]) => tag)),
  });
}
