import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MachineDescription, startMachine } from '@cc-ci/machine/machine';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { openRunStore } from '@cc-ci/shared/runs/store';
import { openLog } from '@cc-ci/shared/service/log';
import { openRedis } from '@cc-ci/shared/service/redis';
import { demoLogLevel } from '../config.ts';
import { demoImages } from './images.ts';
import { organisation, people } from './people.ts';
import { isAsExpected, scenes } from './scenes.ts';
import { seed } from './seed.ts';
import { asRead, jsonLineOf, lineOf } from './show.ts';
import { openStage, type Stage } from './stage.ts';
import { watchRuns } from './watch.ts';

export interface DemoOptions {
  /** End after the verdicts instead of staying until Ctrl-C. */
  readonly once: boolean;
  /** A line of JSON for each run on stdout; everything else goes to stderr. */
  readonly json: boolean;
}

const INSTANCE = 'demo';
/** The reporter edits a comment within seconds; if it did not by then, the demo has failed. */
const REPORT_LIMIT_MS = 60_000;

/**
 * Brings up a machine, a forge and the four services, comments on a pull request for each scene as a maintainer, and shows what becomes
 * of them. @returns the exit code with `once`, else undefined: then everything stays up until the process is told to stop.
 */
export async function runDemo(
  opened: AsyncDisposableStack,
  stop: AbortSignal,
  { once, json }: DemoOptions,
): Promise<number | undefined> {
  const say = (text: string): void => void (json ? process.stderr : process.stdout).write(`${text}\n`);
  const began = Date.now();
  say(`cc-ci demo: a Docker Swarm of its own, a forge double, four services, ${scenes.length} pull requests.\n`);
  const { description: machine } = opened.use(
    await startMachine({ images: await demoImages(), report: (step) => say(`  ${step}`), signal: stop }),
  );
  const logFile = join(machine.folder, 'services.log');
  const destination = createWriteStream(logFile);
  opened.defer(() => new Promise((resolve) => destination.end(resolve)));
  const stage = opened.use(
    await openStage({
      ground: machine,
      folder: machine.folder,
      instance: INSTANCE,
      log: (service) => openLog({ service, instance: INSTANCE, level: demoLogLevel(), destination }),
      capacity: 2,
      signal: stop,
    }),
  );
  const numbers = await Promise.all(scenes.map((scene) => seed(stage.forge, scene, join(machine.folder, 'seed'), stop)));
  say(`  the forge is up, with ${scenes.length} pull requests (${seconds(began)})\n`);

  say(`${people.author} comments !testme on each, and asks for the extra tests where there are some.\n`);
  scenes.forEach((scene, index) => {
    stage.forge.comment(`${organisation}/${scene.recipe}`, numbers[index] ?? 1, {
      as: people.author,
      body: scene.asks ?? '!testme',
    });
  });
  const runs = await showRuns(machine.redisUrl, say, opened, stop);
  const good = await showEnds(stage, runs, numbers, say, stop);
  if (json) for (const run of runs) process.stdout.write(`${jsonLineOf(run)}\n`);
  say(
    good
      ? `\nAll ${scenes.length} ended as they should, ${seconds(began)} after the start.`
      : '\nNot all of them ended as they should: see above.',
  );
  if (once) return good ? 0 : 1;
  const settingsFile = join(machine.folder, 'cc-ci.yml');
  // JSON is YAML.
  await writeFile(settingsFile, JSON.stringify(stage.settings));
  say(partsOf(stage, machine, { numbers, logFile, settingsFile }));
  return undefined;
}

/** Follows the runs to their ends, a line for each change. @returns them in the order of the scenes */
async function showRuns(
  redisUrl: string,
  say: (text: string) => void,
  opened: AsyncDisposableStack,
  stop: AbortSignal,
): Promise<RunRecord[]> {
  const log = openLog({ service: 'demo', instance: INSTANCE, level: 'error' });
  const connection = opened.use(await openRedis(redisUrl, { log, role: 'queue', signal: stop }));
  const store = openRunStore(connection.client, INSTANCE, async () => undefined);
  const last = new Map<string, string>();
  const see = (run: RunRecord): void => {
    const line = lineOf(run);
    if (last.get(run.id) !== line) say(`  ${line}`);
    last.set(run.id, line);
  };
  const runs = await watchRuns(store, scenes.length, see, stop);
  return scenes.flatMap(({ recipe }) => runs.filter((run) => run.request.recipe === recipe));
}

/** Shows the pull requests as they stand at the end. @returns whether each came to its expected end */
async function showEnds(
  stage: Stage,
  runs: readonly RunRecord[],
  numbers: readonly number[],
  say: (text: string) => void,
  stop: AbortSignal,
): Promise<boolean> {
  const ends = await Promise.all(
    scenes.map((scene, index) => result(stage, scene.recipe, numbers[index] ?? 1, runs[index], stop)),
  );
  return scenes
    .map((scene, index) => {
      const run = runs[index];
      say(`\n${organisation}/${scene.recipe}, pull request ${numbers[index]}: ${scene.title}`);
      say(asRead(ends[index] ?? ''));
      const good = run !== undefined && isAsExpected(scene, run);
      if (!good) say(`  Expected: ${JSON.stringify(scene.expected)}.`);
      return good;
    })
    .every(Boolean);
}

/** The comment with a run's result, once it tells of the clean-up too. */
async function result(
  stage: Stage,
  recipe: string,
  number: number,
  run: RunRecord | undefined,
  stop: AbortSignal,
): Promise<string> {
  stop.throwIfAborted();
  const found = await stage.forge.waitFor(
    `the result of run ${run?.id} on ${recipe}`,
    () =>
      stage.forge
        .comments(`${organisation}/${recipe}`, number)
        .find(
          ({ author, body }) =>
            author.login === people.bot && body.includes('Left behind: nothing') && body.includes(run?.id ?? ''),
        ),
    REPORT_LIMIT_MS,
  );
  return found.body;
}

function partsOf(
  stage: Stage,
  machine: MachineDescription,
  { numbers, logFile, settingsFile }: { numbers: readonly number[]; logFile: string; settingsFile: string },
): string {
  const pulls = scenes.map(
    ({ recipe }, index) => `                  ${stage.forge.url}/${organisation}/${recipe}/pulls/${numbers[index]}`,
  );
  return [
    '',
    'Everything stays up until Ctrl-C. Its parts:',
    '',
    `  pull requests   comment on them in a browser, as member or as outsider:`,
    ...pulls,
    `  dashboard       ${stage.url}`,
    `  Bull Board      ${stage.adminUrl}/queues   sign in with ${stage.adminToken}`,
    `  forge           ${stage.forge.url}   a double, not Gitea; API token of ${people.owner}: ${stage.memberToken}`,
    `  push a recipe   ${stage.forge.url}/${organisation}/<recipe>.git as ${people.owner} with that token; a new repository is made by`,
    `                  curl -X POST ${stage.forge.url}/api/v1/orgs/${organisation}/repos -H 'Authorization: token ${stage.memberToken}' -H 'Content-Type: application/json' -d '{"name":"<recipe>"}'`,
    `  Docker          export DOCKER_HOST=${machine.dockerHost}   with the CLI ${machine.dockerCli}`,
    `  Redis           ${machine.redisUrl}`,
    `  ccci            export REDIS_URL=${machine.redisUrl} CCCI_SETTINGS=${settingsFile} DOCKER_HOST=${machine.dockerHost}`,
    `                  then npm run ccci -- queue, or what the results call “on your machine”`,
    `  apps            https://${machine.proxy.address}:${machine.proxy.port}, authority ${machine.proxy.caFile}`,
    `  log             ${logFile}`,
  ].join('\n');
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(0)} s`;
}
