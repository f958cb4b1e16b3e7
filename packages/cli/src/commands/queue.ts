import { drained } from '@cc-ci/shared/runs/drained';
import { living } from '@cc-ci/shared/runs/heartbeats';
import { queueView } from '@cc-ci/shared/runs/queue-view';
import { openRunStore } from '@cc-ci/shared/runs/store';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import type { Command } from 'commander';
import { queueText } from '../queue-text.ts';
import { COMMAND, openRecords } from '../records.ts';

/** `ccci queue`: who can run what, what runs, and what waits. */
export function addQueue(ccci: Command): void {
  ccci
    .command('queue')
    .description('show hosts, runs that go on, and runs that wait')
    .option('--json', 'print it as one line of JSON', false)
    .action(({ json }: { json: boolean }) =>
      untilStopped(async (opened, stop) => {
        const { redis, settings } = await openRecords(opened, stop);
        const { instance } = settings;
        const now = Date.now();
        const open = openRunStore(redis, instance, async () => undefined).open();
        const view = queueView(await living(redis, instance, now), await drained(redis, instance), await open);
        process.stdout.write(`${json ? JSON.stringify(view) : queueText(view, now)}\n`);
        return 0;
      }, COMMAND),
    );
}
