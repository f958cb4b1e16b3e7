// `npm run faults`: lets a service die at each step of the main way, and looks at whether everything that is promised was kept.
import { parseArgs } from 'node:util';
import { startMachine } from '@cc-ci/machine/machine';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { plantNeighbours } from '../neighbours.ts';
import { standInImages } from '../stand-in-images.ts';
import { openWorldOfProcesses } from '../world.ts';
import { allFaults, commit, type Finding, hasty } from './faults.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
});

await untilStopped(
  async (opened, signal) => {
    const faults = allFaults().filter(({ step }) => values.only?.some((wanted) => step.startsWith(wanted)) ?? true);
    if (faults.length === 0) {
      process.stderr.write(`No step begins like that. Known: ${[...new Set(allFaults().map(({ step }) => step))].join(', ')}.\n`);
      return 64;
    }
    const report = (step: string): void => void process.stderr.write(`machine: ${step}\n`);
    const { description } = opened.use(await startMachine({ images: standInImages, report, signal }));
    const world = opened.use(await openWorldOfProcesses(description, { settings: hasty }));
    const neighbours = opened.use(await plantNeighbours(world.docker, world.instance));
    const findings: Finding[] = [];
    for (const [index, fault] of faults.entries()) {
      signal.throwIfAborted();
      const finding = await commit(fault, `fault-${index + 1}`, world, neighbours);
      findings.push(finding);
      process.stdout.write(`${values.json ? JSON.stringify(finding) : rowOf(finding)}\n`);
    }
    const broken = findings.filter(({ breaches }) => breaches.length > 0).length;
    if (!values.json) process.stdout.write(`\n${findings.length} deaths, ${broken} of them with something broken.\n`);
    return broken === 0 ? 0 : 1;
  },
  { graceMs: 120_000, endsByItself: true },
);

function rowOf({ step, time, attempts, seconds, breaches }: Finding): string {
  const where = time === 1 ? step : `${step}, time ${time}`;
  const kept = breaches.length === 0 ? 'kept' : breaches.join(' ');
  return `${where.padEnd(28)} ${String(attempts).padStart(2)} attempts ${String(seconds).padStart(4)} s  ${kept}`;
}
