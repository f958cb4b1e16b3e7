import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { people } from '@cc-ci/cli/demo/people';
import { pullSubject } from '@cc-ci/shared/contract/ids';
import { openIntakeStore } from '@cc-ci/shared/runs/intake-store';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { openLedger } from '@cc-ci/shared/runs/ledger';
import { type Step, steps } from '@cc-ci/shared/service/reached';
import type { Neighbours } from '../neighbours.ts';
import type { Differences, Processes } from '../processes.ts';
import { keeper, page } from '../recipes/page.ts';
import type { Pull, World } from '../world.ts';
import { breachesIn, type History } from './check.ts';

type Service = keyof typeof steps;
export type FaultyWorld = World & { readonly processes: Processes };

/** One death: a service ends when it reaches a step for the n-th time. */
export interface Fault {
  readonly service: Service;
  readonly step: Step;
  readonly time: number;
}

/** What a death led to; no breaches: everything that is promised was kept. */
export interface Finding extends Fault {
  readonly breaches: readonly string[];
  readonly attempts: number;
  readonly seconds: number;
}

/** What a dead service is missed by: short, so that deaths are noticed within seconds. */
export const hasty = {
  tests: { source: fileURLToPath(new URL('tests', import.meta.url)) },
  runner: { lease_seconds: 3, reap_seconds: 1 },
  timeouts: { hold_seconds: 1, http_seconds: 30, converge_minutes: 1 },
  say: { progress_seconds: 1 },
};

/** Steps that a run takes once for the version before, and once more for the commit. */
const TWICE: readonly string[] = ['pulled', 'applied', 'converged'];
/** Steps that only a recipe takes that keeps data. */
const WITH_DATA: readonly Step[] = ['runner.saved', 'runner.taken-down', 'runner.put-back'];
/** Steps that only a recipe takes of which cc-ci has tests, and its name. */
const WITH_TESTS: readonly Step[] = ['runner.testing'];
const TESTED = 'tested';
/** Everything has to be at rest again so long after the service is back; guarantee 4 allows a minute. Milliseconds. */
const REST_WITHIN_MS = 60_000;
/** A step that is not reached within this is never reached. Milliseconds. */
const REACHED_WITHIN_MS = 60_000;
const LOOK_MS = 250;

/** Every death of the main way, in its order. */
export function allFaults(): Fault[] {
  return (Object.keys(steps) as Service[]).flatMap((service) =>
    steps[service].flatMap((name): Fault[] => {
      const times = service === 'runner' && TWICE.includes(name) ? [1, 2] : [1];
      return times.map((time) => ({ service, step: `${service}.${name}` as Step, time }));
    }),
  );
}

/** Makes a service end, or stand still, when it reaches a step while the file `armed` is there. */
export function endAt({
  step,
  armed,
  time = 1,
  signal = 'SIGKILL',
}: {
  step: Step;
  armed: string;
  time?: number;
  signal?: 'SIGKILL' | 'SIGSTOP';
}): Differences {
  return {
    preload: fileURLToPath(new URL('kill-at.ts', import.meta.url)),
    environment: {
      CCCI_KILL_AT: step,
      CCCI_KILL_TIME: String(time),
      CCCI_KILL_ARMED: armed,
      CCCI_KILL_SIGNAL: signal,
    },
  };
}

/** Lets a maintainer ask for a test, the service die on the way, and whoever minds it start it again; then looks at what was promised. */
export async function commit(fault: Fault, name: string, world: FaultyWorld, neighbours: Neighbours): Promise<Finding> {
  const begun = performance.now();
  const { processes } = world;
  const { service, step, time } = fault;
  const recipe = WITH_TESTS.includes(step) ? TESTED : name;
  const more = WITH_DATA.includes(step) ? keeper : '';
  const newer = page({ version: '1.1.0+1.27.0', image: 'nginx:1.27.0', more });
  const pull = await world.pull(recipe, { files: page({ more }), release: '1.0.0+1.25.3' }, newer);
  const armed = join(world.folder, `armed-${recipe}`);
  await processes.stop(service);
  await processes.start(service, endAt({ step, time, armed }));

  const comment = world.comment(pull, '!testme');
  writeFileSync(armed, '');
  const died = await Promise.race([
    processes.process(service).ended.then(() => true),
    pause(REACHED_WITHIN_MS, false, { ref: false }),
  ]);
  await processes.kill(service);
  await processes.start(service);

  const restBy = performance.now() + REST_WITHIN_MS;
  let history = await historyOf(pull, comment, world, neighbours);
  while (breachesIn(history).length > 0 && performance.now() < restBy) {
    await pause(LOOK_MS);
    history = await historyOf(pull, comment, world, neighbours);
  }
  return {
    ...fault,
    breaches: [...(died ? [] : ['The step was never reached.']), ...breachesIn(history)],
    attempts: history.runs[0]?.attempts.length ?? 0,
    seconds: Math.round((performance.now() - begun) / 1000),
  };
}

/** Everything that the promises are about, as it is now. */
export async function historyOf(pull: Pull, comment: number, world: World, neighbours: Neighbours): Promise<History> {
  const { redis, instance, runs, forge } = world;
  const subject = pullSubject(pull.repoId, pull.number);
  const ours = await runs.ofSubject(subject);
  const intakes = await openIntakeStore(redis, instance, async () => undefined).ofSubject(subject);
  const ledger = await openLedger(redis, instance, instance).entries();
  const leased = await Promise.all(ours.map(async ({ id }) => ((await runs.isLeased(id)) ? [id] : [])));
  const asked = forge.comments(pull.repository, pull.number).find(({ id }) => id === comment);
  return {
    outcomes: intakes.filter(({ commentId }) => commentId === comment).map(({ outcome }) => outcome),
    runs: ours,
    said: world.said(pull),
    reactions: (asked?.reactions ?? []).filter(({ person }) => person.login === people.bot).map(({ content }) => content),
    left: [...(await world.onEngine()), ...ledger.map(({ stack }) => `ledger ${stack}`), ...(await world.checkouts())],
    jobs: await jobsOf(world),
    harmed: await neighbours.harmed(),
    leases: leased.flat(),
  };
}

/** Looked at in Redis itself: what a worker holds, and what waits for one. */
async function jobsOf({ redis, instance }: World): Promise<Record<string, number>> {
  const prefix = keysOf(instance).queuePrefix;
  const counted = ['intake', 'runs', 'reports'].map(async (queue) => {
    const [waiting, active, delayed] = await Promise.all([
      redis.llen(`${prefix}:${queue}:wait`),
      redis.llen(`${prefix}:${queue}:active`),
      redis.zcard(`${prefix}:${queue}:delayed`),
    ]);
    return [queue, waiting + active + delayed] as const;
  });
  return Object.fromEntries(await Promise.all(counted));
}
