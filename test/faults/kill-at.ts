// Loaded before a service by tests: ends the process the way a crash would when it reaches a step, or lets it stand still.
import { subscribe } from 'node:diagnostics_channel';
import { existsSync, rmSync } from 'node:fs';
import { STEP_CHANNEL } from '@cc-ci/shared/service/reached';
import { readKillAt } from './config.ts';

const { CCCI_KILL_AT: step, CCCI_KILL_TIME: time, CCCI_KILL_ARMED: armed, CCCI_KILL_SIGNAL: signal } = readKillAt();

let times = 0;
subscribe(STEP_CHANNEL, (reached) => {
  // Steps before the test has begun do not count.
  if (reached !== step || !existsSync(armed)) return;
  times += 1;
  if (times < time) return;
  rmSync(armed);
  process.kill(process.pid, signal);
});
