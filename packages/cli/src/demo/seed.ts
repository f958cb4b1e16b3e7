import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ForgeDouble } from '@cc-ci/forge-double/double';
import { execa } from 'execa';
import { organisation, people } from './people.ts';
import type { Scene } from './scenes.ts';

/** Makes the repository of a scene, pushes its released state and opens its pull request. @returns the pull request's number */
export async function seed(forge: ForgeDouble, scene: Scene, scratch: string, signal: AbortSignal): Promise<number> {
  const fullName = `${organisation}/${scene.recipe}`;
  await forge.addRepository(fullName);
  const files = fileURLToPath(new URL(`../../demo/${scene.recipe}`, import.meta.url));
  const work = join(scratch, scene.recipe);
  await mkdir(work, { recursive: true });
  const git = gitIn(work, signal);

  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', forge.cloneUrl(fullName, { as: people.author }));
  await cp(join(files, 'base'), work, { recursive: true });
  await git('add', '--all');
  await git(
    'commit',
    '--quiet',
    '--message',
    scene.release ? `chore: publish ${scene.release} release` : 'docs: announce the recipe',
  );
  if (scene.release) await git('tag', '--annotate', '--message', scene.release, scene.release);
  await git('push', '--quiet', '--tags', 'origin', 'main');

  await git('checkout', '--quiet', '-b', 'next');
  await cp(join(files, 'change'), work, { recursive: true });
  await git('add', '--all');
  await git('commit', '--quiet', '--message', scene.title);
  await git('push', '--quiet', 'origin', 'next');
  const { number } = await forge.openPullRequest(fullName, { as: people.author, title: scene.title, head: 'next' });
  return number;
}

/** git with no configuration but this, so that nobody's name or hook gets in. @returns what it prints */
export function gitIn(cwd: string, cancelSignal?: AbortSignal): (...args: string[]) => Promise<string> {
  const identity = { name: people.author, email: `${people.author}@example.org` };
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: cwd,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
  };
  return async (...args) => {
    const { stdout } = await execa('git', args, {
      cwd,
      env,
      extendEnv: false,
      stdin: 'ignore',
      ...(cancelSignal && { cancelSignal }),
    });
    return stdout;
  };
}
