import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { bringDebian } from '@cc-ci/machine/debian';
import { startRedis } from '@cc-ci/machine/redis';
import { examineRunnerHost, RUNNER_GRACE_MS } from '@cc-ci/runner/service';
import { builtTiers, type Tier } from '@cc-ci/shared/contract/glossary';
import type { RunRecord, RunRequest } from '@cc-ci/shared/contract/run';
import { flagsOf, readStages } from '@cc-ci/shared/runs/flags';
import { resultsOf } from '@cc-ci/shared/runs/results';
import { exitCodes } from '@cc-ci/shared/service/errors';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { type Command, InvalidArgumentError } from 'commander';
import { readRunConfig } from '../config.ts';
import { doctorText } from '../doctor-view.ts';
import { runLocally } from '../local/local-run.ts';
import { localSettings } from '../local/local-settings.ts';
import { beTheOnlyOne } from '../local/only-one.ts';
import { resolveCommit } from '../local/resolve.ts';
import { endingLines, showRun } from '../local/run-view.ts';
import { takeSnapshot } from '../local/snapshot.ts';
import { readTarget, type Target } from '../local/target.ts';

interface RunOptions {
  readonly stages?: readonly Tier[];
  readonly extraTests: boolean;
  readonly verbose: boolean;
  readonly json: boolean;
}

/** What is tested, and how it is called in front of whoever asked. */
interface Tested extends Pick<RunRequest, 'cloneUrl' | 'recipe' | 'commit'> {
  readonly name: string;
}

/** This host cannot carry out runs. */
class HostUnfit extends Error {
  override readonly name = 'HostUnfit';
  readonly exitCode = exitCodes.misconfigured;
}

/** `ccci run`: one run on this host, by the same code as on a server, without a forge to tell. */
export function addRun(ccci: Command): void {
  ccci
    .command('run')
    .description('test a recipe on this host: a folder with what is not committed yet, or a commit of a repository')
    .argument('<recipe>', 'a folder (./hedgedoc), a recipe with a commit (hedgedoc@4be91c07), or the address of its repository')
    .option('--stages <steps>', 'only these steps and what they stand on, e.g. install,upgrade', stagesTyped)
    .option('--extra-tests', 'the extra tests too', false)
    .option('-v, --verbose', 'also what the app and its tests say', false)
    .option('--json', 'print the results as one line of JSON, and nothing else', false)
    .action((recipe: string, options: RunOptions) =>
      untilStopped((opened, stop) => run(recipe, options, opened, stop), { endsByItself: true, graceMs: RUNNER_GRACE_MS }),
    );
}

async function run(recipe: string, options: RunOptions, opened: AsyncDisposableStack, stop: AbortSignal): Promise<number> {
  const say = (text: string): void => void (options.json ? process.stderr : process.stdout).write(`${text}\n`);
  const config = readRunConfig();
  const settings = await localSettings(config.CCCI_SETTINGS);
  const target = readTarget(recipe, { url: settings.forge.url, owner: settings.enrol.owners[0] ?? '' });
  const { fit, driver = null, checks } = await examineRunnerHost({ deploy: settings.deploy, dockerHost: config.DOCKER_HOST });
  if (!fit) throw new HostUnfit(doctorText({ fit, driver, checks }));
  opened.use(await beTheOnlyOne());
  const folder = await mkdtemp(join(tmpdir(), 'ccci-run-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const tested = await testedOf(target, folder, say, stop);
  say(`Testing ${tested.name} of ${tested.recipe}.`);
  const record = await runLocally(
    {
      settings,
      request: requestOf(tested, options),
      redisUrl: config.REDIS_URL ?? (await privateRedis(folder, opened, say, stop)),
      host: config.CCCI_HOST,
      dockerHost: config.DOCKER_HOST,
      proxyAddress: config.CCCI_PROXY_ADDRESS,
      folder: join(folder, 'runner'),
      see: options.json ? () => undefined : showRun(say, options.verbose),
    },
    opened,
    stop,
  );
  if (options.json) process.stdout.write(`${JSON.stringify(resultsOf(record))}\n`);
  else say(['', ...endingLines(record, tested.name)].join('\n'));
  return exitCodeOf(record);
}

async function testedOf(target: Target, scratch: string, say: (text: string) => void, stop: AbortSignal): Promise<Tested> {
  if (target.kind === 'repository') {
    const commit = await resolveCommit(target.url, target.wanted, stop);
    return { cloneUrl: target.url, recipe: target.recipe, commit, name: commit.slice(0, 8) };
  }
  const folder = resolve(target.folder);
  const place = join(scratch, 'snapshot');
  await mkdir(place);
  const { hasReleases, ...snapshot } = await takeSnapshot(folder, place);
  if (!hasReleases)
    say(
      'The checkout has no release tags, so there is nothing to upgrade from. Where the recipe has releases: `git fetch --tags`.',
    );
  return { ...snapshot, recipe: basename(folder) };
}

function requestOf({ cloneUrl, recipe, commit }: Tested, { stages, extraTests }: RunOptions): RunRequest {
  return {
    origin: { kind: 'api', key: randomUUID() },
    repo: { id: 1, owner: 'local', name: recipe },
    cloneUrl,
    recipe,
    pull: null,
    commit,
    chosen: 'named',
    flags: flagsOf({ extraTests, stages: stages ?? null }),
    by: null,
  };
}

/** A Redis for as long as the run takes, where no other was named. */
async function privateRedis(
  folder: string,
  opened: AsyncDisposableStack,
  say: (text: string) => void,
  stop: AbortSignal,
): Promise<string> {
  const debian = await bringDebian(say, stop);
  return opened.use(await startRedis({ debian, folder: join(folder, 'redis'), report: say })).url;
}

/** @param text as typed: `install,upgrade` */
function stagesTyped(text: string): Tier[] {
  const stages = readStages(text);
  if (!('wrong' in stages)) return stages;
  const { wrong, meant } = stages;
  throw new InvalidArgumentError(
    `There is no step \`${wrong}\`${meant === undefined ? '' : `; did you mean \`${meant}\`?`} The steps are ${builtTiers.join(', ')}.`,
  );
}

function exitCodeOf({ verdict }: RunRecord): number {
  if (verdict === 'passed') return exitCodes.ok;
  return verdict === 'failed' ? exitCodes.failed : exitCodes.unavailable;
}
