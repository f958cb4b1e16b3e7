import type { JobOf } from '@cc-ci/shared/contract/queues';
import type { Settings } from '@cc-ci/shared/contract/settings';
import type { Schedule } from '@cc-ci/shared/service/queue-schedule';

/** How soon after one run of a sweep has ended the next one is admitted, at the latest. */
const SWEEP_STEP_MS = 15_000;
/** Records are kept for days: some hours more or less are nothing. */
const FORGET_MS = 6 * 3_600_000;

/** Somebody's changes on the forge are put right within this; a look at hooks is a question for each recipe. */
const HOOKS_MS = 3_600_000;

export interface Due {
  readonly id: string;
  readonly schedule: Schedule;
  readonly duty: JobOf<'infra'>['duty'];
}

/**
 * What infra does when, from the settings. A sweep that is switched off still ends the one that is under way.
 * @param keepsHooks whether the forge's webhooks are ours to keep in order
 */
export function schedulesOf({ sweep, zone }: Settings['schedules'], keepsHooks: boolean): Due[] {
  const nightly: Due[] = sweep === null ? [] : [{ id: 'sweep', schedule: { pattern: sweep, tz: zone }, duty: 'sweep' }];
  const hooks: Due[] = keepsHooks ? [{ id: 'hooks', schedule: { everyMs: HOOKS_MS }, duty: 'hooks' }] : [];
  return [
    ...nightly,
    ...hooks,
    { id: 'sweep-next', schedule: { everyMs: SWEEP_STEP_MS }, duty: 'sweep-next' },
    { id: 'forget', schedule: { everyMs: FORGET_MS }, duty: 'forget' },
  ];
}
