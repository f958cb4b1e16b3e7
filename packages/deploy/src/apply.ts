import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateSecret } from '@cc-ci/recipes/generate-secret';
import { secretsToGenerate } from '@cc-ci/recipes/secrets';
import type { App, Release } from './deployer.ts';
import type { DockerCli } from './docker-cli.ts';
import { deployable } from './document.ts';
import type { Engine } from './engine.ts';
import { DeployRefused, EngineUnavailable, StackTaken } from './errors.ts';
import { belongsTo, namespaceLabel, ownerLabels } from './labels.ts';

/** Swarm's own bookkeeping may change a service between the CLI's read and its write; the same command then works. */
const ATTEMPTS = 5;
/** Since then the CLI can wait for a deployment, and announces that it will some day unless told not to. */
const DETACH_MAJOR = 26;
/** HTTP: the name is taken. */
const CONFLICT = 409;

export interface ApplyParts {
  readonly cli: DockerCli;
  readonly engine: Engine;
  /** A folder for documents while they are deployed. */
  readonly scratch: string;
  /** Hears each secret before the engine does, so that it is masked wherever it may be said. */
  readonly secretMade: (value: string) => void;
}

/** See Deployer.apply. */
export async function applyRelease(
  { cli, engine, scratch, secretMade }: ApplyParts,
  app: App,
  release: Release,
  signal: AbortSignal,
): Promise<void> {
  await makeReady({ engine, secretMade }, app, release, signal);
  const folder = await writeDocument(scratch, app, release);
  try {
    await deploy(cli, app.stack, folder, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What comes before any deployment: the name is nobody else's, and the secrets are there. Throws StackTaken, DeployRefused. */
export async function makeReady(
  { engine, secretMade }: Pick<ApplyParts, 'engine' | 'secretMade'>,
  app: App,
  release: Release,
  signal: AbortSignal,
): Promise<void> {
  await refuseForeign(engine, app);
  await makeSecrets(engine, app, release, secretMade);
  signal.throwIfAborted();
}

/** Swarm would take any stack of this name for ours, and change it. */
async function refuseForeign(engine: Engine, app: App): Promise<void> {
  for (const kind of ['services', 'volumes', 'networks', 'configs', 'secrets'] as const) {
    const found = await engine.list(kind, { label: `${namespaceLabel}=${app.stack}` });
    const foreign = found.find((resource) => !belongsTo(app, resource));
    if (foreign) throw new StackTaken(app.stack, `\`${foreign.name}\` (${kind})`);
  }
}

/** Makes the external secrets that are not there, as `abra app secret generate` does. Values go to the engine and nowhere else. */
async function makeSecrets(engine: Engine, app: App, release: Release, made: (value: string) => void): Promise<void> {
  const wanted = secretsToGenerate(release.document, release.recipe, app.stack);
  if (wanted.length === 0) return;
  const present = await engine.list('secrets');
  for (const spec of wanted) {
    const found = present.find(({ name }) => name === spec.name);
    if (found && !belongsTo(app, found)) throw new StackTaken(app.stack, `the secret \`${spec.name}\``);
    if (found) continue;
    const value = release.recipe.settings.secrets?.[spec.key] ?? generateSecret(spec);
    made(value);
    const refusal = await engine.createSecret(spec.name, value, ownerLabels(app));
    if (refusal && refusal.status !== CONFLICT) throw new DeployRefused(`the secret \`${spec.name}\`: ${refusal.said}`);
  }
}

/** Writes the document and the files it names into a folder of their own. */
async function writeDocument(scratch: string, app: App, release: Release): Promise<string> {
  await mkdir(scratch, { recursive: true });
  const folder = await mkdtemp(join(scratch, `${app.stack}-`));
  for (const [name, content] of release.files) await writeFile(join(folder, name), content);
  // JSON is YAML that no reader takes for anything else: `yes`, `1.20` and `12:30` stay text.
  await writeFile(join(folder, 'stack.json'), JSON.stringify(deployable(app, release)));
  return folder;
}

async function deploy(cli: DockerCli, stack: string, folder: string, signal: AbortSignal): Promise<void> {
  // As abra: digests are always asked for, services that left the document stay.
  const how = ['--resolve-image', 'always', ...((await cli.majorVersion()) >= DETACH_MAJOR ? ['--detach'] : [])];
  const args = ['stack', 'deploy', ...how, '--compose-file', join(folder, 'stack.json'), stack];
  for (let attempt = 1; ; attempt++) {
    const { succeeded, stderr } = await cli.run(args, { folder, signal });
    if (succeeded) return;
    const said = stderr.trim().replaceAll(`${folder}/`, '');
    if (isEngineTrouble(said)) throw new EngineUnavailable('deploy', said);
    if (!isRace(said) || attempt === ATTEMPTS) throw new DeployRefused(refusalOf(said));
  }
}

/** The CLI has only words for it. An external network that is missing is the proxy's: no other passes the policy. */
export function isEngineTrouble(said: string): boolean {
  return engineTrouble.test(said);
}
/** Also an engine that ends while it is asked: the CLI then says that the connection broke, or that Swarm's own did. */
const engineTrouble =
  /cannot connect to the docker daemon|is the docker daemon running|error during connect|connection reset|broken pipe|not a swarm manager|does not have a leader|code = (?:unavailable|canceled)|transport is closing|context (?:deadline exceeded|canceled)|connection refused|no space left on device|declared as external, but|available[^:]* address pool/i;

/** The CLI's words, or ours for a mistake that is made often and is hard to see in them. */
export function refusalOf(said: string): string {
  const changed = /failed to update (config|secret) (\S+?):.*only updates to Labels are allowed/s.exec(said);
  if (!changed) return said;
  const [, kind, name] = changed;
  return `the ${kind} \`${name}\` has changed, but not its name, and Swarm never changes a ${kind}. Raise its version in \`abra.sh\`.`;
}

function isRace(said: string): boolean {
  return /update out of sequence|network .* not found/i.test(said);
}
