// `npm run scenarios`: recipes of every kind, good, red and hostile, and whether cc-ci says of each what is true.
import { parseArgs } from 'node:util';
import { startMachine } from '@cc-ci/machine/machine';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { standInImages } from '../stand-in-images.ts';
import { type Outcome, playAll } from './play.ts';
import { readScenarios } from './scenario.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    comments: { type: 'boolean', default: false },
  },
});

await untilStopped(
  async (opened, signal) => {
    const all = await readScenarios();
    const scenarios = all.filter(({ name }) => values.only?.some((wanted) => name.startsWith(wanted)) ?? true);
    if (scenarios.length === 0) {
      process.stderr.write(`No scenario begins like that. Known: ${all.map(({ name }) => name).join(', ')}.\n`);
      return 64;
    }
    const report = (step: string): void => void process.stderr.write(`machine: ${step}\n`);
    const { description } = opened.use(await startMachine({ images: standInImages, report, signal }));
    const told = (outcome: Outcome): void =>
      void process.stdout.write(`${values.json ? JSON.stringify(outcome) : rowOf(outcome)}\n`);
    if (!values.json) process.stdout.write(`${new Date().toISOString().slice(0, 10)}, ${scenarios.length} scenarios\n\n`);
    const outcomes = await playAll(description, scenarios, told, signal);
    const broken = outcomes.filter(({ breaches }) => breaches.length > 0).length;
    if (!values.json) process.stdout.write(`\n${outcomes.length} scenarios, ${broken} of them not as expected.\n`);
    return broken === 0 ? 0 : 1;
  },
  { graceMs: 120_000, endsByItself: true },
);

function rowOf({ name, about, verdict, level, seconds, comment, breaches }: Outcome): string {
  const row = `${name.padEnd(20)} ${String(verdict).padEnd(8)} level ${level ?? '–'} ${String(seconds).padStart(4)} s  ${about}`;
  return [row, ...breaches.map((breach) => `  ✘ ${breach}`), ...(values.comments ? ['', comment, ''] : [])].join('\n');
}
