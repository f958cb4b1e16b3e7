import type { Deployer } from '@cc-ci/deploy/deployer';
import type { Settings } from '@cc-ci/shared/contract/settings';
import type { Ledger } from '@cc-ci/shared/runs/ledger';
import type { RunStore } from '@cc-ci/shared/runs/store';
import type { Log } from '@cc-ci/shared/service/log';
import type { HeldRun } from './claim.ts';
import type { Broom } from './clean-up.ts';
import type { Disk } from './disk.ts';
import type { GitAccess } from './git.ts';
import type { RunLog } from './logs.ts';
import type { HostProxy } from './probe.ts';

/** What a run is carried out with. */
export interface Workshop {
  readonly settings: Settings;
  readonly deployer: Deployer;
  readonly store: Pick<RunStore, 'apply' | 'page'>;
  readonly ledger: Pick<Ledger, 'expect'>;
  readonly disk: Disk;
  readonly proxy: HostProxy;
  readonly access: GitAccess;
  readonly broom: Broom;
  /** Aborted with RunnerStopped. */
  readonly stopping: AbortSignal;
  readonly log: Log;
  openRunLog(held: HeldRun): RunLog;
  /** Unix milliseconds. */
  now(): number;
}
