import { setTimeout as pause } from 'node:timers/promises';
import { RunId } from '@cc-ci/shared/contract/ids';
import { type LogLine, readLog } from '@cc-ci/shared/runs/log-stream';
import { isSettled } from '@cc-ci/shared/runs/next';
import { openRunStore } from '@cc-ci/shared/runs/store';
import { exitCodes } from '@cc-ci/shared/service/errors';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import type { Command } from 'commander';
import { COMMAND, openRecords, type Records } from '../records.ts';
import { plain } from '../terminal.ts';

/** Pause between two looks at a log that goes on, for eyes. Milliseconds. */
const LOOK_MS = 300;

interface LogsOptions {
  readonly follow: boolean;
  readonly from?: string;
  readonly json: boolean;
}

/** No run of this id is known. */
class UnknownRun extends Error {
  override readonly name = 'UnknownRun';
  readonly exitCode = exitCodes.failed;
  constructor(id: string) {
    super(`No run \`${id}\` is known here. \`ccci runs\` lists those that are; its id has six digits, as in the comment.`);
  }
}

/** `ccci logs`: what a run has said, and goes on to say. */
export function addLogs(ccci: Command): void {
  ccci
    .command('logs')
    .description('print the log of a run')
    .argument('<run>', 'its id, as in the comment and in `ccci runs`')
    .option('-f, --follow', 'go on until the run is over and cleaned up', false)
    .option('--from <name>', 'only of this step or service, e.g. upgrade')
    .option('--json', 'print each line as JSON', false)
    .action((run: string, options: LogsOptions) =>
      untilStopped(async (opened, stop) => {
        await printLog(run, options, await openRecords(opened, stop), stop);
        return exitCodes.ok;
      }, COMMAND),
    );
}

/** Prints the log up to now or, following it, until the run is over. Throws UnknownRun. */
async function printLog(run: string, { follow, from, json }: LogsOptions, records: Records, stop: AbortSignal): Promise<void> {
  const { redis, settings } = records;
  const store = openRunStore(redis, settings.instance, async () => undefined);
  const { data: id } = RunId.safeParse(run);
  if (id === undefined || !(await store.read(id))) throw new UnknownRun(run);
  for (let read = '0', isOver = false; !isOver; ) {
    // Read first: what was said until a run was over is then all there.
    const record = await store.read(id);
    isOver = !follow || !record || isSettled(record);
    const lines = await readLog(redis, settings.instance, id, read);
    read = lines.at(-1)?.id ?? read;
    for (const line of lines.filter((each) => from === undefined || each.from === from)) print(line, json);
    if (!isOver) await pause(LOOK_MS, undefined, { signal: stop });
  }
}

function print({ attempt, from, text }: LogLine, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify({ attempt, from, text })}\n` : `${from}: ${plain(text)}\n`);
}
