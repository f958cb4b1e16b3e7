import { channel } from 'node:diagnostics_channel';

/** Every point of the main way at which a crash leaves something else undone, by service, in their order. */
export const steps = {
  trigger: ['saw', 'enqueued', 'moved-on', 'decided', 'admitted', 'recorded', 'run-enqueued'],
  runner: [
    'claimed',
    'expected',
    'fetched',
    'prepared',
    'linted',
    'pulled',
    'applied',
    'converged',
    'saved',
    'taken-down',
    'put-back',
    'testing',
    'published',
    'removed',
    'proven',
    'released',
  ],
  reporter: ['read', 'observed', 'create', 'edit', 'delete', 'react', 'status', 'remembered', 'settled'],
} as const;

type Steps = typeof steps;
export type Step = { [Service in keyof Steps]: `${Service}.${Steps[Service][number]}` }[keyof Steps];

/** Who subscribes hears each step as it is reached, before anything else happens in the process. */
export const STEP_CHANNEL = 'cc-ci.step';
const reachedSteps = channel(STEP_CHANNEL);

/** Says that the process has got this far. Nothing happens but where somebody subscribed, as `npm run faults` does to end the process there. */
export function reached(step: Step): void {
  reachedSteps.publish(step);
}
