import { Command } from 'commander';
import { addClean } from './commands/clean.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDrain } from './commands/drain.ts';
import { addHealth } from './commands/health.ts';
import { addLogs } from './commands/logs.ts';
import { addQueue } from './commands/queue.ts';
import { addRun } from './commands/run.ts';
import { addRuns } from './commands/runs.ts';
import { addUp } from './commands/up.ts';

const ccci = new Command('ccci')
  .description('The CI of Co-op Cloud recipes: a comment on a pull request deploys, tests and removes it')
  .showSuggestionAfterError()
  .showHelpAfterError();

addDemo(ccci);
addUp(ccci);
addRun(ccci);
addQueue(ccci);
addRuns(ccci);
addLogs(ccci);
addDrain(ccci);
addHealth(ccci);
addDoctor(ccci);
addClean(ccci);

await ccci.parseAsync();
