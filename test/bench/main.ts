// `npm run bench`: what a run costs over bare Swarm, and a webhook over a bare receiver, as ratios of what was measured in one go.
import { parseArgs } from 'node:util';
import { startMachine } from '@cc-ci/machine/machine';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { standInImages } from '../stand-in-images.ts';
import { openWorldOfProcesses } from '../world.ts';
import { type Figure, figuresOf, phaseRows } from './figures.ts';
import { type Contest, openContest, type Pair } from './pairs.ts';
import { measured } from './recipes.ts';
import { webhookFigures } from './webhooks.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' }, pairs: { type: 'string', default: '5' } },
});

/** As in production, but for how long an app is watched: as long as Swarm watches an update, so that waiting does not hide the rest. */
const settings = { timeouts: { hold_seconds: 5 } };

await untilStopped(
  async (opened, signal) => {
    const report = (step: string): void => void process.stderr.write(`machine: ${step}\n`);
    const { description } = opened.use(await startMachine({ images: standInImages, report, signal }));
    const isWanted = (name: string): boolean => values.only === undefined || values.only === name;
    const pairs = Number(values.pairs);
    for (const figure of await webhookFigures(description.redisUrl, { pairs, isWanted, signal }))
      process.stdout.write(`${say(figure)}\n`);
    if (!['run-over-floor', 'verdict-over-floor'].some(isWanted)) return 0;
    const world = opened.use(await openWorldOfProcesses(description, { settings }));
    for (const recipe of measured) {
      const measuredPairs = await measure(await openContest(recipe, description, world), pairs, signal);
      for (const figure of figuresOf(recipe.name, measuredPairs).filter(({ name }) => isWanted(name)))
        process.stdout.write(`${say(figure)}\n`);
      if (!values.json) process.stdout.write(`${phaseRows(measuredPairs).join('\n')}\n`);
    }
    return 0;
  },
  { graceMs: 120_000, endsByItself: true },
);

/** Floor and run in turns: whoever comes second may find a warmer or a more tired machine. The first pair warms up and does not count. */
async function measure({ floor, run }: Contest, count: number, signal: AbortSignal): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let index = 0; index <= count; index += 1) {
    signal.throwIfAborted();
    const early = index % 2 === 0 ? await floor() : undefined;
    const ran = await run();
    pairs.push({ floor: early ?? (await floor()), run: ran });
  }
  return pairs.slice(1);
}

function say(figure: Figure): string {
  const { name, value, unit, spread, of } = figure;
  return values.json ? JSON.stringify(figure) : `${name.padEnd(20)} ${value} ${unit} (${spread}) of ${of}`;
}
