// `npm run soak`: many runs of the smallest recipe, and whether anything grows with them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startMachine } from '@cc-ci/machine/machine';
import { isSettled } from '@cc-ci/shared/runs/next';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { measured } from '../bench/recipes.ts';
import { standInImages } from '../stand-in-images.ts';
import { openWorldOfProcesses, type Pull, type World } from '../world.ts';
import { type Course, courses, FEWEST_READINGS, type Reading } from './judge.ts';
import { isBytes, readAll, redisBytes } from './readings.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '200' } },
});

/** Runs that go on at the same time, each of a pull request of its own. */
const CONCURRENCY = 4;
/** One after the other on each pull request between two readings. */
const ROUNDS = 2;
const FEWEST_RUNS = FEWEST_READINGS * CONCURRENCY * ROUNDS;
/** How long an app is watched has nothing to do with what grows. */
const settings = { timeouts: { hold_seconds: 1 } };

await untilStopped(
  async (opened, signal) => {
    const wanted = Number(values.runs);
    if (!(wanted >= FEWEST_RUNS)) {
      process.stderr.write(`--runs ${values.runs}: take a number from ${FEWEST_RUNS}; with fewer runs no growth can be seen.\n`);
      return 64;
    }
    const say = (text: string): void => void process.stderr.write(`${text}\n`);
    const weights = await mkdtemp(join(tmpdir(), 'ccci-weights-'));
    opened.defer(() => rm(weights, { recursive: true, force: true }));
    const { description } = opened.use(
      await startMachine({ images: standInImages, report: (step) => say(`machine: ${step}`), signal }),
    );
    const differences = {
      preload: fileURLToPath(new URL('weigh.ts', import.meta.url)),
      environment: { CCCI_WEIGH_FOLDER: weights },
    };
    const world = opened.use(await openWorldOfProcesses(description, { settings, capacity: CONCURRENCY, differences }));
    const pulls = await openPulls(world);

    const readings: Reading[] = [];
    const before = await redisBytes(world);
    while ((readings.at(-1)?.runs ?? 0) < wanted) {
      signal.throwIfAborted();
      await Promise.all(pulls.map((pull) => testRepeatedly(world, pull, ROUNDS)));
      await world.quiet();
      const runs = (readings.at(-1)?.runs ?? 0) + CONCURRENCY * ROUNDS;
      readings.push({ runs, values: await readAll(world, weights) });
      say(`${runs} runs`);
    }
    const found = courses(readings, isBytes);
    for (const course of found) process.stdout.write(`${values.json ? JSON.stringify(course) : rowOf(course)}\n`);
    const perRun = Math.round(((await redisBytes(world)) - before) / (readings.at(-1)?.runs ?? 0) / 1024);
    if (!values.json)
      process.stdout.write(`\nRedis keeps ${perRun} KiB for each run: its record, log and jobs, until they are too old.\n`);
    return found.some(({ grew }) => grew) ? 1 : 0;
  },
  { graceMs: 120_000, endsByItself: true },
);

async function openPulls(world: World): Promise<Pull[]> {
  const [smallest] = measured;
  if (!smallest) throw new Error('No recipe is measured');
  const { base, commit, release } = smallest;
  return await Promise.all(
    Array.from({ length: CONCURRENCY }, (_, index) => world.pull(`soak-${index + 1}`, { files: base, release }, commit)),
  );
}

/** As an impatient maintainer does: the next `!testme` as soon as the run before is proven clean. Throws where one is not plainly green. */
async function testRepeatedly(world: World, pull: Pull, times: number): Promise<void> {
  for (let time = 1; time <= times; time += 1) {
    const before = new Set((await world.runs.recent(Number.MAX_SAFE_INTEGER)).map(({ id }) => id));
    world.comment(pull, '!testme');
    const run = await world.run(pull, 'the run is settled', (found) => !before.has(found.id) && isSettled(found));
    if (run.verdict !== 'passed' || run.attempts.length !== 1) throw new Error(`Not a plain green run: ${JSON.stringify(run)}`);
  }
}

function rowOf({ name, early, late, grew }: Course): string {
  const text = (value: number): string => (isBytes(name) ? `${(value / 2 ** 20).toFixed(1)} MiB` : String(value));
  return `${name.padEnd(28)} ${text(early).padStart(10)} -> ${text(late).padStart(10)}  ${grew ? 'GREW' : 'flat'}`;
}
