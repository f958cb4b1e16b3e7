import type { Recipe } from '../recipe.ts';
import type { RecipeUnreadable } from '../recipe-unreadable.ts';
import type { ComposeFile } from './compose-file.ts';
import { changedConfigs, configFindings, secretFindings, versionFindings } from './file-rules.ts';
import { error, inOrder, type LintFinding, warning } from './finding.ts';
import { imageFindings } from './image-rules.ts';
import { keyFindings } from './key-rules.ts';
import { readmeFindings } from './readme-rules.ts';
import { newVariableFindings, releaseNoteFindings, statedVersion, tagFindings, versionLabelFindings } from './release-rules.ts';
import { serviceFindings } from './service-rules.ts';

/** What of one checkout lint looks at, see tree.ts. */
export interface Tree {
  readonly recipe: Recipe;
  /** Every `compose*.yml` of the tree, enabled or not, that can be read, and what was wrong with the others. */
  readonly files: readonly ComposeFile[];
  readonly unreadable: readonly RecipeUnreadable[];
  /** The texts of configs, by the path that a compose file names. */
  readonly texts: ReadonlyMap<string, string>;
  readonly readme: string | undefined;
  readonly hasSubmodules: boolean;
  readonly hasLargeFiles: boolean;
}

/** What surrounds the tree. */
export interface Releases {
  /** Where an upgrade comes from: its tree, and its version where it is a release. */
  readonly before: { readonly tree: Tree; readonly version: string | null } | undefined;
  /** Tags that are not annotated. */
  readonly lightweight: readonly string[];
  /** The release that this very commit is. */
  readonly tag: string | undefined;
}

/**
 * What lint holds against a recipe, errors first: abra's rules by their numbers, and the slips that only show on somebody's
 * server. R008 is not here, since a recipe without `.env.sample` is not tested at all; R006 and R013 ask servers that are not ours.
 */
export function lint(tree: Tree, { before, lightweight, tag }: Releases): LintFinding[] {
  const { recipe, files } = tree;
  const sampled = new Set(recipe.sample.entries.map(({ key }) => key));
  const known = new Set(before?.tree.recipe.sample.entries.map(({ key }) => key));
  const vendored = new Set([...Object.keys(recipe.exports), ...recipe.exportsLeftOut.map(({ name }) => name)]);
  return inOrder([
    ...tree.unreadable.map(({ file, line, problem, remedy }) =>
      error('unreadable', { file, line: line ?? null }, [problem, asClause(remedy)]),
    ),
    ...versionFindings(files),
    ...serviceFindings(files, sampled.has('DOMAIN')),
    ...keyFindings(files),
    ...imageFindings(files),
    ...configFindings(files, vendored),
    ...secretFindings(files),
    ...readmeFindings(tree.readme),
    ...versionLabelFindings(files, tag),
    ...tagFindings(lightweight),
    ...(tree.hasSubmodules ? [submodules] : []),
    ...(tree.hasLargeFiles ? [largeFiles] : []),
    ...(before
      ? [
          ...changedConfigs(configTexts(before.tree), configTexts(tree)),
          ...newVariableFindings(
            files,
            [...sampled].filter((key) => !known.has(key)),
          ),
          ...releaseNoteFindings(statedVersion(files), before.version ?? undefined, recipe.releaseNotes),
        ]
      : []),
  ]);
}

const submodules = warning('submodule', { file: '.gitmodules', line: null }, [
  'submodules are not fetched, so what needs them was not tested',
  'put the files of the submodule into the recipe',
]);

const largeFiles = warning('large-file', { file: '.gitattributes', line: null }, [
  'files in Git LFS are not fetched, so what needs them was not tested',
  'put the files into the recipe without Git LFS',
]);

function configTexts({ recipe, files, texts }: Tree) {
  return { files, texts, exports: recipe.exports };
}

/** A sentence as a clause within another one. */
function asClause(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`.replace(/\.$/, '');
}
