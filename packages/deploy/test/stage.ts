import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type RunSettings, readRecipe } from '@cc-ci/recipes/recipe';
import type { App, Deployer, OwnedStack, Release, Waiting } from '../src/deployer.ts';
import { NotConverged } from '../src/errors.ts';

/** The host that the driver under test deploys to. */
export interface Host {
  readonly deployer: Deployer;
  /** `docker <args>` there, for what the contract does not offer: planting neighbours, looking into containers. */
  docker(...args: string[]): Promise<string>;
}

export type Files = Readonly<Record<string, string>>;

/** One app of one test, with a recipe that the test writes. Nothing of either is left when it is disposed of. */
export interface Stage extends AsyncDisposable {
  readonly app: App;
  /** Writes these files over those of the recipe, and prepares it as this commit. */
  prepare(files: Files, commit?: string, settings?: RunSettings): Promise<Release>;
  converge(
    release: Release,
    options?: { deadline?: AbortSignal; holdMs?: number; say?: (waiting: Waiting) => void },
  ): Promise<void>;
  /** Pulls, applies, and waits until the release has converged. */
  deploy(release: Release): Promise<void>;
  /** Applies the release and gives the error with which it does not converge. */
  notConverged(release: Release, deadline?: AbortSignal): Promise<NotConverged>;
  /** What a command says inside the service's container. */
  inside(service: string, ...command: string[]): Promise<string>;
  /** What the labels on the host say is still there of the app. */
  owned(): Promise<OwnedStack[]>;
}

/** Longer than any deployment of the suite takes on a busy machine. */
const DEADLINE_MS = 120_000;
/** Long enough for what dies at once, in milliseconds. */
const HOLD_MS = 3_000;
export const soon = (): AbortSignal => AbortSignal.timeout(DEADLINE_MS);

/** The least that makes a folder a recipe, beside its compose.yml. */
const sample = 'TYPE=probe\nDOMAIN=probe.example.com\nLETS_ENCRYPT_ENV=production\n';

export async function openStage({ deployer, docker }: Host): Promise<Stage> {
  const id = randomBytes(3).toString('hex');
  const owner = { instance: 'contract', host: 'here', run: id, attempt: 1 };
  const domain = `prob-${id}.test`;
  const app: App = { stack: deployer.stackOf(domain), domain, owner };
  const folder = await mkdtemp(join(tmpdir(), 'ccci-recipe-'));

  const stage: Stage = {
    app,
    async prepare(files, commit = 'a', settings = { environment: {} }) {
      for (const [path, text] of Object.entries({ '.env.sample': sample, ...files })) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      return await deployer.prepare(app, await readRecipe(folder, 'probe', { settings }), commit.repeat(40), soon());
    },
    converge: (release, { deadline = soon(), holdMs = HOLD_MS, say = () => undefined } = {}) =>
      deployer.converge(app, release, { say, holdMs, deadline }, soon()),
    async deploy(release) {
      await deployer.pull(release, soon());
      await deployer.apply(app, release, soon());
      await stage.converge(release);
    },
    async notConverged(release, deadline = soon()) {
      await deployer.pull(release, soon());
      await deployer.apply(app, release, soon());
      const error: unknown = await stage.converge(release, { deadline }).catch((reason: unknown) => reason);
      if (error instanceof NotConverged) return error;
      throw error ?? new Error('it converged');
    },
    async inside(service, ...command) {
      const container = await docker('ps', '-q', '-f', `label=com.docker.swarm.service.name=${app.stack}_${service}`);
      return await docker('exec', container, ...command);
    },
    owned: async () => (await deployer.owned(owner.instance, owner.host)).filter(({ stack }) => stack === app.stack),
    async [Symbol.asyncDispose]() {
      await deployer.remove(app, soon());
      await rm(folder, { recursive: true });
    },
  };
  return stage;
}
