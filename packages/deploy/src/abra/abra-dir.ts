import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { App, Release } from '../deployer.ts';
import { deployable } from '../document.ts';
import { ToolUnfit } from '../errors.ts';

/** What abra calls the engine of the host that it runs on. */
const LOCAL_SERVER = 'default';

/** An ABRA_DIR of one app, in which abra finds nothing but what was judged. */
export interface AbraDir {
  /** Absolute. */
  readonly folder: string;
  /** The commit of the recipe's folder, which abra writes on what it deploys: it proves which tree that was. */
  readonly head: string;
}

/**
 * Lays out an ABRA_DIR: the app's `.env`, and the recipe as a repository of one commit, whose only compose file is the judged document.
 * The recipe's own files are not there: abra would read them again, and might find something else in them than what was judged.
 */
export async function layOutAbraDir(folder: string, app: App, release: Release, signal: AbortSignal): Promise<AbraDir> {
  const { name } = release.recipe;
  const recipe = join(folder, 'recipes', name);
  const server = join(folder, 'servers', LOCAL_SERVER);
  await rm(folder, { recursive: true, force: true });
  // Where there is no catalogue, abra clones one from the network.
  for (const place of [recipe, server, join(folder, 'catalogue')]) await mkdir(place, { recursive: true });
  for (const [file, content] of release.files) await writeFile(join(recipe, file), content);
  // JSON is YAML that no reader takes for anything else: `yes`, `1.20` and `12:30` stay text.
  await writeFile(join(recipe, 'compose.yml'), JSON.stringify(deployable(app, release)));
  const settings = { TYPE: name, DOMAIN: app.domain, LETS_ENCRYPT_ENV: '', COMPOSE_FILE: 'compose.yml' };
  const env = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
  await writeFile(join(recipe, '.env.sample'), env.join(''));
  await writeFile(join(server, `${app.domain}.env`), env.join(''));
  return { folder, head: await commitAll(recipe, signal) };
}

/** Who commits, and that nothing of the host takes part in it. */
const GIT_OPTIONS = ['user.name=cc-ci', 'user.email=cc-ci@localhost', 'core.hooksPath=/dev/null', 'gc.auto=0'];

/** Makes the folder a repository with one commit. @returns its id */
async function commitAll(folder: string, signal: AbortSignal): Promise<string> {
  const git = async (...args: string[]): Promise<string> => {
    const env = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', PATH: '/usr/local/bin:/usr/bin:/bin' };
    const done = await execa('git', [...GIT_OPTIONS.flatMap((option) => ['-c', option]), ...args], {
      cwd: folder,
      env,
      extendEnv: false,
      reject: false,
      cancelSignal: signal,
    });
    signal.throwIfAborted();
    if (done.failed) throw new ToolUnfit(`git could not ${args[0]} what abra deploys: ${done.stderr || done.shortMessage}`);
    return done.stdout;
  };
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('add', '--all', '--force');
  await git('commit', '--quiet', '--no-gpg-sign', '--message', 'What was judged');
  return await git('rev-parse', 'HEAD');
}
