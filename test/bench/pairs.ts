import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployable } from '@cc-ci/deploy/document';
import { openSwarmDeployer } from '@cc-ci/deploy/swarm';
import type { MachineDescription } from '@cc-ci/machine/machine';
import { readRecipe } from '@cc-ci/recipes/recipe';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { isSettled } from '@cc-ci/shared/runs/next';
import { execa } from 'execa';
import { z } from 'zod';
import type { Files, Pull, World } from '../world.ts';
import type { Measured } from './recipes.ts';

/** Milliseconds of each phase, of the floor and of a run alike. */
export const Phases = z.object({ deploy: z.number(), update: z.number(), remove: z.number() });
export type Phases = z.infer<typeof Phases>;

/** A run by its phases: before the first step, each step, from the last one to the verdict, and from there to the proof. */
export interface RunPhases extends Phases {
  readonly start: number;
  readonly verdict: number;
}

/** A floor and a run that were measured one after the other. */
export interface Pair {
  readonly floor: Phases;
  readonly run: RunPhases;
}

/** Bare Swarm and cc-ci on one machine, for one recipe; both with warm images. */
export interface Contest {
  floor(): Promise<Phases>;
  run(): Promise<RunPhases>;
}

/** Gets everything ready that is not measured: documents for the floor, a pull request for the runs. */
export async function openContest(recipe: Measured, machine: MachineDescription, world: World): Promise<Contest> {
  const slug = recipe.name.replaceAll(' ', '-');
  const folder = join(world.folder, `floor-${slug}`);
  const pull = await world.pull(slug, { files: recipe.base, release: recipe.release }, recipe.commit);
  return {
    floor: () => floor(recipe, folder, machine, world),
    run: () => run(pull, world),
  };
}

async function floor(recipe: Measured, folder: string, machine: MachineDescription, { stage }: World): Promise<Phases> {
  const stack = `flor-${randomBytes(3).toString('hex')}`;
  const { apps_domain, network, proxy_address } = stage.settings.deploy;
  const owner = { instance: 'floor', host: 'here', run: stack.slice(-6), attempt: 1 };
  const app = { stack, domain: `${stack}.${apps_domain}`, owner };
  const { dockerCli, dockerHost, environment } = machine;
  const deployer = openSwarmDeployer({ dockerCli, dockerHost, network, scratch: join(folder, 'scratch') });
  const documents = { BASE: recipe.base, COMMIT: recipe.commit };
  const paths = Object.entries(documents).map(async ([name, files], index) => {
    const checkout = await written(join(folder, name), files);
    const release = await deployer.prepare(
      app,
      await readRecipe(checkout, 'floor'),
      String(index).repeat(40),
      AbortSignal.timeout(60_000),
    );
    const path = join(folder, `${stack}-${name}.json`);
    await writeFile(path, JSON.stringify(deployable(app, release)));
    return [name, path];
  });
  const { stdout } = await execa(fileURLToPath(new URL('floor.sh', import.meta.url)), {
    env: {
      ...environment,
      DOCKER: dockerCli,
      STACK: stack,
      ...Object.fromEntries(await Promise.all(paths)),
      HOLD_MS: String(stage.settings.timeouts.hold_seconds * 1000),
      DOMAIN: app.domain,
      PROXY: proxy_address,
      CA: machine.proxy.caFile,
    },
  });
  return Phases.parse(JSON.parse(stdout));
}

async function written(folder: string, files: Files): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

let last: string | undefined;

async function run(pull: Pull, world: World): Promise<RunPhases> {
  world.comment(pull, '!testme');
  const settled = await world.run(pull, 'the run is settled', (found) => found.id !== last && isSettled(found));
  last = settled.id;
  await world.quiet();
  return phasesOf(settled);
}

/** From the moment at which the run was let in to the proof that nothing is left. Throws where the run was not plainly green. */
export function phasesOf(run: RunRecord): RunPhases {
  const [install, upgrade] = (['install', 'upgrade'] as const).map((tier) => run.steps.find((step) => step.tier === tier));
  const { cleanup } = run.attempts[0] ?? {};
  const green = run.verdict === 'passed' && run.attempts.length === 1 && upgrade?.state === 'pass';
  if (!green || !install || cleanup?.state !== 'proven') throw new Error(`Not a plain green run: ${JSON.stringify(run)}`);
  const at = (time: number | null): number => time ?? Number.NaN;
  return {
    start: at(install.startedAt) - run.createdAt,
    deploy: at(install.endedAt) - at(install.startedAt),
    update: at(upgrade.endedAt) - at(upgrade.startedAt),
    verdict: at(run.endedAt) - at(upgrade.endedAt),
    remove: cleanup.at - at(run.endedAt),
  };
}
