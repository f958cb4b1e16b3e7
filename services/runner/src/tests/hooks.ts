import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tier } from '@cc-ci/shared/contract/glossary';
import { nearest } from '@cc-ci/shared/service/nearest';

/** Files beside cc-ci's own tests of a recipe whose functions a run calls. */
export const OPS = 'ops.py';
export const HOOKS = 'hooks.py';

/** A function that is called at some moment of a run, and the file that it is in. */
export interface Hook {
  readonly file: string;
  readonly name: string;
}

/** Of a recipe without any. */
export const noHooks: Hooks = { before: {}, ready: undefined, backupVerified: undefined };

/** The hooks of one recipe; undefined: it has none at that moment. */
export interface Hooks {
  /** Called before a step, on the app as it is then; that of the install step once the app is up. */
  readonly before: Readonly<Partial<Record<Tier, Hook>>>;
  /** Whether the app is ready, beyond what its page answers. */
  readonly ready: Hook | undefined;
  /** Whether what was saved is all that it should be. */
  readonly backupVerified: Hook | undefined;
}

/** A function that looks like a hook and would never be called. Ours, since the file is. */
export class HookUnknown extends Error {
  override readonly name = 'HookUnknown';
  constructor({ file, name }: Hook, known: readonly string[]) {
    const meant = nearest(name, known);
    const remedy = meant === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${meant}?`;
    super(`${file} has a function ${name}, which nothing calls. ${remedy}`);
  }
}

const seeds: Readonly<Partial<Record<Tier, string>>> = {
  install: 'pre_install',
  upgrade: 'pre_upgrade',
  backup: 'pre_backup',
  restore: 'pre_restore',
};

/** Reads which hooks there are; runs nothing. Throws HookUnknown. @param folder with cc-ci's own tests of the recipe */
export async function findHooks(folder: string): Promise<Hooks> {
  const ops = await functionsIn(folder, OPS, Object.values(seeds), /^pre_/);
  const hooks = await functionsIn(folder, HOOKS, ['ready_probe', 'backup_verify'], /^[^_]/);
  const before = Object.entries(seeds).flatMap(([tier, name]) => (ops.has(name) ? [[tier, { file: OPS, name }]] : []));
  const hook = (name: string): Hook | undefined => (hooks.has(name) ? { file: HOOKS, name } : undefined);
  return { before: Object.fromEntries(before), ready: hook('ready_probe'), backupVerified: hook('backup_verify') };
}

/** The functions at the top of a file. @param looksLikeOne those of such names are there to be called */
async function functionsIn(
  folder: string,
  file: string,
  known: readonly string[],
  looksLikeOne: RegExp,
): Promise<ReadonlySet<string>> {
  const text = await readFile(join(folder, file), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  const names = [...text.matchAll(/^def ([A-Za-z_]\w*)/gm)].flatMap(([, name]) => name ?? []);
  const unknown = names.find((name) => looksLikeOne.test(name) && !known.includes(name));
  if (unknown !== undefined) throw new HookUnknown({ file, name: unknown }, known);
  return new Set(names);
}
