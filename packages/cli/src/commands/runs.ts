import { openRunStore } from '@cc-ci/shared/runs/store';
import { exitCodes } from '@cc-ci/shared/service/errors';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { type Command, InvalidArgumentError } from 'commander';
import { COMMAND, openRecords, type Records } from '../records.ts';
import { listed, runLine } from '../runs-view.ts';

/** What fits on a screen. */
const SHOWN = 20;
/** Of which those of one recipe are looked for. */
const LOOKED_AT = 1_000;

interface RunsOptions {
  readonly recipe?: string;
  readonly count: number;
  readonly json: boolean;
}

/** `ccci runs`: the last runs, and how they ended. */
export function addRuns(ccci: Command): void {
  ccci
    .command('runs')
    .description('list the last runs, newest first, and how they ended')
    .option('--recipe <name>', 'only of this recipe')
    .option('--count <number>', 'at most so many', readCount, SHOWN)
    .option('--json', 'print each as a line of JSON', false)
    .action((options: RunsOptions) =>
      untilStopped(async (opened, stop) => {
        const lines = await linesOf(options, await openRecords(opened, stop));
        for (const line of lines) process.stdout.write(`${line}\n`);
        return exitCodes.ok;
      }, COMMAND),
    );
}

async function linesOf({ recipe, count, json }: RunsOptions, { redis, settings }: Records): Promise<string[]> {
  const store = openRunStore(redis, settings.instance, async () => undefined);
  const found = await store.recent(recipe === undefined ? count : LOOKED_AT);
  const wanted = found.filter(({ request }) => recipe === undefined || request.recipe === recipe).slice(0, count);
  if (json) return wanted.map((run) => JSON.stringify(listed(run)));
  if (wanted.length === 0) return [recipe === undefined ? 'No run is known.' : `No run of ${recipe} is known.`];
  const now = Date.now();
  return wanted.map((run) => runLine(listed(run), now));
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= LOOKED_AT) return count;
  throw new InvalidArgumentError(`Expected a number from 1 to ${LOOKED_AT}.`);
}
