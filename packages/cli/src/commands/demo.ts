import { untilStopped } from '@cc-ci/shared/service/shutdown';
import type { Command } from 'commander';
import { type DemoOptions, runDemo } from '../demo/demo.ts';
import { SERVICES_GRACE_MS } from '../services.ts';

/** The machine goes after the services: engine, Redis and proxy end within this. Milliseconds. */
const GRACE_MS = SERVICES_GRACE_MS + 30_000;

/** `ccci demo`: the whole way on this machine, with nothing installed and nothing left behind. */
export function addDemo(ccci: Command): void {
  ccci
    .command('demo')
    .description('show the whole way on a Docker Swarm and a forge of its own; needs root on Debian')
    .option('--once', 'end after the verdicts: exit code 0 when they are the expected ones', false)
    .option('--json', 'print a line of JSON for each run', false)
    .action((options: DemoOptions) =>
      untilStopped((opened, stop) => runDemo(opened, stop, options), { graceMs: GRACE_MS, endsByItself: options.once }),
    );
}
