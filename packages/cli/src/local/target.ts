import { basename } from 'node:path';
import { exitCodes } from '@cc-ci/shared/service/errors';

/** What `ccci run` is to test. */
export type Target =
  | { readonly kind: 'folder'; readonly folder: string }
  /** `wanted`: a commit, a tag or a branch; undefined: the default branch. */
  | { readonly kind: 'repository'; readonly url: string; readonly recipe: string; readonly wanted: string | undefined };

/** It cannot be told what is to be tested. */
export class TargetUnclear extends Error {
  override readonly name = 'TargetUnclear';
  readonly exitCode = exitCodes.failed;
}

/** Where recipes are that are only named. */
export interface Forge {
  readonly url: string;
  readonly owner: string;
}

/**
 * Reads `./hedgedoc`, `hedgedoc@4be91c07`, or `https://git.example.org/coop/hedgedoc@main`. A folder is told by its path: with a dot, a
 * tilde or a slash at its start. Throws TargetUnclear.
 */
export function readTarget(text: string, forge: Forge): Target {
  if (/^[./~]/.test(text)) return { kind: 'folder', folder: text };
  const [, place = '', wanted] = /^([^@]+)(?:@(.+))?$/.exec(text) ?? [];
  const isUrl = /^https?:\/\//.test(place);
  if (!isUrl && !/^[a-z0-9][a-z0-9_-]*$/i.test(place))
    throw new TargetUnclear(
      `\`${text}\` names nothing that can be tested: give a folder (./hedgedoc), a recipe with a commit (hedgedoc@4be91c07), or the address of its repository.`,
    );
  const url = isUrl ? place : `${forge.url.replace(/\/+$/, '')}/${forge.owner}/${place}.git`;
  return { kind: 'repository', url, recipe: basename(place).replace(/\.git$/, ''), wanted };
}
