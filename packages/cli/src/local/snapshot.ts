import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes } from '@cc-ci/shared/service/errors';
import { execa } from 'execa';

/** A recipe's folder as it is now, in a repository of its own from which a runner can fetch it. */
export interface Snapshot {
  /** `file:///…`. */
  readonly cloneUrl: string;
  readonly commit: string;
  /** The commit that the folder is at, shortened; with `+U` where something in it is not committed. */
  readonly name: string;
  readonly hasReleases: boolean;
}

/** A folder cannot be tested. */
export class NoRecipeFolder extends Error {
  override readonly name = 'NoRecipeFolder';
  readonly exitCode = exitCodes.failed;
}

/** As abra marks what was deployed from a changed checkout. */
const UNCOMMITTED = '+U';
const SHORT_COMMIT = 8;

/**
 * Takes a snapshot of a git checkout, with what is not committed and without what git ignores. The checkout is only read: new objects
 * go to `scratch`, which has to stay as long as the snapshot is used. Throws NoRecipeFolder.
 */
export async function takeSnapshot(folder: string, scratch: string): Promise<Snapshot> {
  const top = await ask(
    folder,
    ['rev-parse', '--show-toplevel'],
    'is no git checkout: clone the recipe, or run `git init` there',
  );
  const head = await ask(top, ['rev-parse', '--verify', 'HEAD^{commit}'], 'has no commit yet: commit the recipe once');
  const objects = await ask(top, ['rev-parse', '--path-format=absolute', '--git-path', 'objects']);
  const repository = join(scratch, 'recipe.git');
  await ask(scratch, ['init', '--quiet', '--bare', '--initial-branch', 'main', repository]);
  await mkdir(join(repository, 'objects', 'info'), { recursive: true });
  await writeFile(join(repository, 'objects', 'info', 'alternates'), `${objects}\n`);
  const inSnapshot = {
    GIT_INDEX_FILE: join(scratch, 'index'),
    GIT_OBJECT_DIRECTORY: join(repository, 'objects'),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: objects,
  };
  await ask(top, ['read-tree', head], undefined, inSnapshot);
  await ask(top, ['add', '--all'], undefined, inSnapshot);
  const tree = await ask(top, ['write-tree'], undefined, inSnapshot);
  const isClean = tree === (await ask(top, ['rev-parse', `${head}^{tree}`]));
  const commit = isClean ? head : await ask(top, ['commit-tree', tree, '-p', head, '-m', 'Not committed'], undefined, inSnapshot);
  const tags = await ask(top, ['for-each-ref', '--format=create %(refname) %(objectname)', 'refs/tags']);
  await ask(repository, ['update-ref', '--stdin'], undefined, {}, `${tags}\ncreate refs/heads/main ${commit}\n`.trimStart());
  return {
    cloneUrl: `file://${repository}`,
    commit,
    name: head.slice(0, SHORT_COMMIT) + (isClean ? '' : UNCOMMITTED),
    hasReleases: tags !== '',
  };
}

/** Who commits a snapshot; it is never seen outside. */
const NOBODY = ['user.name=cc-ci', 'user.email=cc-ci@localhost'].flatMap((setting) => ['-c', setting]);

/** What git prints. @param trouble what it means of the folder where git cannot */
async function ask(
  folder: string,
  args: readonly string[],
  trouble?: string,
  environment: Readonly<Record<string, string>> = {},
  input = '',
): Promise<string> {
  const options = { cwd: folder, env: { LC_ALL: 'C', ...environment }, reject: false, input, stripFinalNewline: true } as const;
  const done = await execa('git', [...NOBODY, ...args], options);
  if (!done.failed) return done.stdout;
  throw new NoRecipeFolder(`${folder} ${trouble ?? `cannot be read by git: ${done.stderr.trim() || done.shortMessage}`}.`);
}
