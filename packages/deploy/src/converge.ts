import { setTimeout as delay } from 'node:timers/promises';
import { type Bell, hangBell } from './bell.ts';
import type { App, ConvergeOptions, Release } from './deployer.ts';
import type { ContainerFacts, Engine } from './engine.ts';
import { EngineUnavailable, NotConverged } from './errors.ts';
import type { Failure } from './health.ts';
import { look } from './look.ts';
import { type Judgement, judge, noMemory, type Patience } from './patience.ts';
import { linesOf, linesOfContainer } from './service-logs.ts';
import type { ServiceState } from './states.ts';

/** Swarm tells nobody when a task changes its state; it does so within this after the container's event. */
const AFTER_RING_MS = 50;
/** The net below the bell. */
const POLL_MS = 500;
/** Enough to see a stack trace, little enough for a comment. */
const EVIDENCE_LINES = 20;
const HEALTH_LINES = 3;

/** See Deployer.converge. */
export async function converge(
  engine: Engine,
  app: App,
  release: Release,
  options: ConvergeOptions,
  signal: AbortSignal,
  patience?: Patience,
): Promise<void> {
  const wanted = { services: Object.keys(release.document.services), commit: release.commit, holdMs: options.holdMs };
  const either = AbortSignal.any([signal, options.deadline]);
  const offset = await engine.clockOffset();
  using bell = await hangBell(engine, app.stack);
  const endings = new Map<string, ContainerFacts>();
  let memory = noMemory;
  let told = '';
  for (;;) {
    const states = await look(engine, app.stack, endings);
    const now = Date.now() + offset;
    const { judgement: judged, memory: learnt } = judge(states, wanted, memory, now, patience);
    memory = learnt;
    const judgement = judged.is === 'converged' ? await believed(engine, states) : judged;
    if (judgement.is === 'converged') return;
    if (judgement.is === 'blocked') throw new EngineUnavailable('run the app', `\`${judgement.service}\` ${judgement.what}.`);
    if (judgement.is === 'failed') throw await explained(engine, states, judgement);
    const { service, what, untilMs = Number.POSITIVE_INFINITY } = judgement;
    if (`${service} ${what}` !== told) options.say({ service, what });
    told = `${service} ${what}`;
    signal.throwIfAborted();
    if (options.deadline.aborted) {
      const failures = memory.failures.get(service) ?? [];
      throw await explained(engine, states, { is: 'failed', service, reason: 'timeout', what, failures });
    }
    await pause(bell, Math.min(POLL_MS, untilMs - now), either);
  }
}

/** On a busy host Swarm follows its containers seconds later, and calls running what has ended. The engine of this host knows. */
async function believed(engine: Engine, states: readonly ServiceState[]): Promise<Judgement> {
  for (const { name, tasks } of states) {
    for (const { container, alive, state } of tasks) {
      if (!alive || state !== 'running' || container === undefined) continue;
      const isOver = (await engine.container(container))?.running === false;
      if (isOver) return { is: 'waiting', service: name, what: 'has ended, which Swarm has not noticed yet', untilMs: undefined };
    }
  }
  return { is: 'converged' };
}

/** Until the bell rings or the time is up, and Swarm had time to follow its containers. An abort only ends the wait. */
async function pause(bell: Bell, atMostMs: number, signal: AbortSignal): Promise<void> {
  const ignoreAbort = () => undefined;
  await bell.rung(Math.max(0, atMostMs), signal).catch(ignoreAbort);
  await delay(AFTER_RING_MS);
}

type Failed = Extract<Judgement, { is: 'failed' }>;

/** The error for a deployment that failed, with what the engine and the app said about it. */
async function explained(
  engine: Engine,
  states: readonly ServiceState[],
  { service, reason, what, failures }: Failed,
): Promise<NotConverged> {
  const state = states.find(({ name }) => name === service);
  // What finds no node has no container yet: those that are there are of the version before.
  const container = reason === 'unschedulable' ? undefined : containerToBlame(state, failures);
  const log = container === undefined ? [] : await linesOfContainer(engine, container, EVIDENCE_LINES);
  const health = container === undefined ? [] : await healthWords(engine, container);
  const errors = (state?.tasks ?? []).flatMap(({ error }) => (error === undefined ? [] : [error]));
  return new NotConverged({
    service,
    reason,
    sentence: reason === 'timeout' ? `\`${service}\` was not ready in time: it ${what}.` : `\`${service}\` ${what}.`,
    exits: failures.flatMap(({ exitCode }) => (exitCode === undefined ? [] : [exitCode])),
    endedBy: endedBy(failures.at(-1)),
    evidence: [...new Set(errors), ...health, ...log],
  });
}

function endedBy(last: Failure | undefined): NotConverged['endedBy'] {
  if (last?.reason === 'unhealthy') return 'health-check';
  return last?.outOfMemory ? 'out-of-memory' : undefined;
}

/** The container that ended last, else the youngest. After a rollback the release's tasks are not the current ones any more. */
function containerToBlame(state: ServiceState | undefined, failures: readonly Failure[]): string | undefined {
  const started = (state?.tasks ?? []).filter(({ container }) => container !== undefined).toSorted((a, b) => b.since - a.since);
  const last = failures.at(-1)?.task;
  const blamed = started.find(({ id }) => id === last) ?? started.find(({ error }) => error !== undefined) ?? started.at(0);
  return blamed?.container;
}

/** What the last health check that failed said. */
async function healthWords(engine: Engine, container: string): Promise<string[]> {
  const health = (await engine.container(container))?.health;
  if (!health || health.status === 'healthy') return [];
  return linesOf(Buffer.from(health.lastOutput))
    .slice(-HEALTH_LINES)
    .map((line) => `health check: ${line}`);
}
