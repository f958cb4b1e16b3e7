import { untilStopped } from '@cc-ci/shared/service/shutdown';
import type { Command } from 'commander';
import { type DemoOptions, runDemo } from '../demo/demo.ts';

/** Stopping takes the clean-up of runs that are under way along. */
const GRACE_MS = 60_000;

/** `ccci demo`: the whole way on this machine, with nothing installed and nothing left behind. */
export function addDemo(ccci: Command): void {
  ccci
    .command('demo')
    .description('show the whole way on a Docker Swarm and a forge of its own; needs root on Debian')
    .option('--once', 'end after the verdicts: exit code 0 when they are the expected ones', false)
    .option('--json', 'print a line of JSON for each run', false)
    .action((options: DemoOptions) => untilStopped((opened, stop) => runDemo(opened, stop, options), { graceMs: GRACE_MS }));
}
