import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { appEnvironment, exposeToApp } from '@cc-ci/recipes/app-env';
import { imagesOf, parseDocument, recipeVersionOf, requireTasks, type StackDocument, timeoutOf } from '@cc-ci/recipes/document';
import { requireNames } from '@cc-ci/recipes/names';
import { laidOver } from '@cc-ci/recipes/overlay';
import { judgePaths } from '@cc-ci/recipes/paths';
import { judge, type Violation } from '@cc-ci/recipes/policy';
import type { Recipe } from '@cc-ci/recipes/recipe';
import { RecipeUnreadable } from '@cc-ci/recipes/recipe-unreadable';
import type { App, Release } from './deployer.ts';
import type { DockerCli } from './docker-cli.ts';
import { exposed } from './document.ts';
import { RecipeRefused } from './errors.ts';

/** What abra waits for a recipe that does not say. */
const DEFAULT_TIMEOUT_SECONDS = 50;
/** Swarm takes configs below this, and secrets below half of it. */
const FILE_LIMIT_BYTES = 1_024_000;

export interface PrepareSettings {
  readonly network: string;
  /** What operators allow this recipe, as its violations name it: `port:64738/udp`. */
  readonly exceptions: readonly string[];
}

/** See Deployer.prepare. */
export async function prepareRelease(
  cli: DockerCli,
  app: App,
  recipe: Recipe,
  commit: string,
  settings: PrepareSettings,
  signal: AbortSignal,
): Promise<Release> {
  const environment = appEnvironment(recipe, app);
  refuseSteering(recipe, environment);
  // Before any tool opens a file that the recipe names.
  refuse(judgePaths(recipe, environment, realPath));
  const merged = await merge(cli, recipe, environment, signal);
  refuse(
    judge(merged, {
      stack: app.stack,
      domain: app.domain,
      checkout: recipe.folder,
      resolve: realPath,
      allowedNetworks: [settings.network],
      exceptions: settings.exceptions,
    }),
  );
  requireNames(merged, app.stack);
  requireTasks(merged);
  const version = recipeVersionOf(merged, app.stack);
  const named = version === undefined ? {} : { version };
  const { document, files } = await withContents(exposed(merged, exposeToApp(recipe, { ...app, ...named })));
  return {
    recipe,
    commit,
    ...named,
    document,
    environment,
    images: imagesOf(document),
    files,
    timeoutSeconds: timeoutOf(document, app.stack) ?? DEFAULT_TIMEOUT_SECONDS,
  };
}

function refuse(violations: readonly Violation[]): void {
  if (violations.length > 0) throw new RecipeRefused(violations);
}

/** The loader, the C library and the Go runtime obey these in any program that is given them. */
const steering =
  /^(LD_|GLIBC_|GCONV_|MALLOC_|LOCPATH$|NLSPATH$|GO(DEBUG|TRACEBACK|MAXPROCS|MEMLIMIT|GC|COVERDIR)$|DOCKER_CLI_|OTEL_)/;

/** Refuses variables that would make the tool which reads the recipe do something else. */
function refuseSteering(recipe: Recipe, environment: Readonly<Record<string, string>>): void {
  const name = Object.keys(environment).find((key) => steering.test(key));
  if (name === undefined) return;
  const entry = recipe.sample.entries.find(({ key }) => key === name);
  throw new RecipeUnreadable({
    file: entry ? '.env.sample' : 'abra.sh',
    line: entry?.line,
    problem: `\`${name}\` would steer the tools that read the recipe`,
    remedy: 'Give the variable another name.',
  });
}

/** The merged, interpolated document as the docker CLI's own loader makes it; the engine is not asked. */
async function merge(
  cli: DockerCli,
  recipe: Recipe,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<StackDocument> {
  const files = recipe.composeFiles.flatMap((file) => ['--compose-file', join(recipe.folder, file)]);
  const said = await cli.run(['stack', 'config', ...files], { environment, folder: recipe.folder, signal });
  const { overlay } = recipe.settings;
  if (said.succeeded) return overlay ? laidOver(parseDocument(said.stdout), overlay) : parseDocument(said.stdout);
  throw new RecipeUnreadable({
    file: recipe.composeFiles.join(':'),
    problem: said.stderr.trim().replaceAll(`${recipe.folder}/`, ''),
    remedy: 'The docker CLI says so; `docker stack config` shows the same.',
  });
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/**
 * The document without any path into the checkout, which is then no longer needed: config and secret files are named by their
 * content, and env files, whose variables the loader has put into the environment, are left out.
 */
async function withContents(document: StackDocument): Promise<{ document: StackDocument; files: Map<string, Uint8Array> }> {
  const files = new Map<string, Uint8Array>();
  const [secrets, configs] = [{ ...document.secrets }, { ...document.configs }];
  for (const [where, section] of [['secrets', secrets] as const, ['configs', configs] as const]) {
    for (const [key, entry] of Object.entries(section)) {
      if (entry.file === undefined || entry.external) continue;
      const content = await contentOf(entry.file, `${where}.${key}`);
      const name = createHash('sha256').update(content).digest('hex');
      files.set(name, content);
      section[key] = { ...entry, file: name };
    }
  }
  const services = Object.fromEntries(
    Object.entries(document.services).map(([name, { env_file: _, ...service }]) => [name, service]),
  );
  return { document: { ...document, services, secrets, configs }, files };
}

async function contentOf(path: string, key: string): Promise<Uint8Array> {
  const found = await stat(path).catch(() => undefined);
  const unreadable = (problem: string) =>
    new RecipeUnreadable({
      file: path,
      problem: `${key} ${problem}`,
      remedy: 'Keep it between 1 and 1,023,999 bytes, as Swarm demands.',
    });
  if (!found?.isFile()) throw unreadable('is not a file');
  if (found.size === 0 || found.size >= FILE_LIMIT_BYTES) throw unreadable(`has ${found.size} bytes`);
  return await readFile(path);
}
