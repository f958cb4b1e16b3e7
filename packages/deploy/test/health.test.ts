import { describe, expect, it } from 'vitest';
import { type Assessment, assess, failuresOf } from '../src/health.ts';
import { service, task } from './states.ts';

const now = 1_000_000;
const look = (state: ReturnType<typeof service>) => assess(state, { commit: 'new', holdMs: 5_000 }, failuresOf(state), now);

describe('one look at a service', () => {
  it.each<[string, Parameters<typeof service>[0], Assessment['is'], string | RegExp]>([
    ['not updated yet', { commit: 'old', tasks: [task({})] }, 'moving', 'waits for Swarm to take the new version'],
    ['without a task', { tasks: [] }, 'moving', 'waits for Swarm to start it'],
    ['whose image is fetched', { tasks: [task({ state: 'preparing' })] }, 'moving', 'gets its image and volumes ready'],
    ['within its start period', { tasks: [task({ state: 'starting' })] }, 'moving', /health check has not passed yet/],
    [
      'with a part of its tasks',
      { wanted: 2, tasks: [task({}), task({ state: 'starting' })] },
      'moving',
      /^1 of 2 run; the next has started/,
    ],
    [
      'that ended once and starts again',
      { tasks: [task({ state: 'failed', alive: false, exitCode: 1 }), task({ state: 'starting' })] },
      'moving',
      /\(before that it ended with exit code 1\)$/,
    ],
    ['all of whose tasks run', { tasks: [task({})] }, 'steady', ''],
    ['with no replicas', { wanted: 0, tasks: [] }, 'steady', ''],
    ['whose update is watched', { update: { state: 'updating', message: '' }, tasks: [task({})] }, 'moving', /still watches/],
    [
      'whose old task still runs beside the new one (start-first)',
      { tasks: [task({}), task({ current: false })] },
      'moving',
      'runs; the old version has not stopped yet',
    ],
    ['that only runs its old spec', { tasks: [task({ current: false })] }, 'moving', 'waits for Swarm to start it'],
    ['updated completely', { update: { state: 'completed', message: '' }, tasks: [task({})] }, 'steady', ''],
    [
      'left by an update of before, which the new one replaces',
      { commit: 'old', update: { state: 'completed', message: '' }, tasks: [task({})] },
      'moving',
      /take the new version/,
    ],
    [
      'rolled back',
      { commit: 'old', update: { state: 'rollback_started', message: 'due to early termination of task t9' }, tasks: [task({})] },
      'doomed',
      'was put back to the version before by Swarm: due to early termination of task t9',
    ],
    [
      'rolled back for a task that is known',
      {
        commit: 'old',
        update: { state: 'rollback_completed', message: 'rollback completed' },
        tasks: [task({}), task({ id: 't9', current: false, alive: false, state: 'failed', exitCode: 3 })],
      },
      'doomed',
      'was put back to the version before by Swarm: it ended with exit code 3',
    ],
    ['paused', { update: { state: 'paused', message: 'why' }, tasks: [task({})] }, 'suspect', /left half updated by Swarm: why/],
    ['that no node takes', { tasks: [task({ state: 'pending', error: 'no suitable node' })] }, 'suspect', /no suitable node/],
    ['global, on no node', { mode: 'global', wanted: 0, tasks: [] }, 'suspect', /placement constraints/],
    [
      'without a network address for long',
      { tasks: [task({ state: 'new', since: now - 31_000 })] },
      'blocked',
      /no free subnets/,
    ],
    ['without a network address yet', { tasks: [task({ state: 'new', since: now - 1_000 })] }, 'moving', /network address/],
    [
      'that Swarm has given up',
      { tasks: [task({ state: 'failed', alive: false, exitCode: 3 })] },
      'suspect',
      'ended with exit code 3, and Swarm does not start it again',
    ],
    ['that ended well and was meant to', { restarts: 'none', tasks: [task({ state: 'complete', alive: false })] }, 'steady', ''],
    [
      'that ended well though it has a health check',
      { restarts: 'on-failure', tasks: [task({ state: 'complete', alive: false, exitCode: 0, ended: unhealthy() })] },
      'suspect',
      /^was ended because its health check failed/,
    ],
    ['that is a job, done', { mode: 'job', tasks: [task({ state: 'complete', alive: false })] }, 'steady', ''],
    ['that is a job, running', { mode: 'job', tasks: [task({})] }, 'moving', 'runs, and has to end'],
    [
      'that is a job of an iteration before',
      { mode: 'job', tasks: [task({ state: 'complete', current: false })] },
      'moving',
      /start it/,
    ],
  ])('%s', (_, state, is, what) => {
    const assessment = look(service(state));
    expect(assessment.is).toBe(is);
    if ('what' in assessment) expect(assessment.what).toMatch(what);
  });

  it('holds a service from its youngest task on, for as long as is asked, or its own monitor time when that is longer', () => {
    const tasks = [task({ since: 20 }), task({ since: 30 })];
    expect(look(service({ wanted: 2, tasks, monitorMs: 30_000 }))).toEqual({ is: 'steady', since: 30, holdMs: 30_000 });
    expect(look(service({ wanted: 2, tasks, monitorMs: 1 }))).toMatchObject({ holdMs: 5_000 });
  });

  it('holds a service that failed before for as long as it then lasted, too (case 51)', () => {
    const failed = task({ state: 'failed', alive: false, createdAt: 10_000, since: 17_000 });
    expect(look(service({ tasks: [failed, task({ since: 20_000 })] }))).toMatchObject({ holdMs: 12_000 });
  });
});

describe('a task that ended', () => {
  it.each([
    ['by itself', task({ state: 'failed', exitCode: 3 }), ['crash-loop', 3]],
    ['well, though it is to run for ever', task({ state: 'complete', exitCode: 0 }), ['crash-loop', 0]],
    ['unhealthy, even when it ended well', task({ state: 'complete', exitCode: 0, ended: unhealthy() }), ['unhealthy', 0]],
    ['before it began', task({ state: 'rejected', refused: true }), ['rejected', undefined]],
  ])('%s is a failure', (_, ended, expected) => {
    const [failure] = failuresOf(service({ tasks: [ended] }));
    expect([failure?.reason, failure?.exitCode]).toEqual(expected);
  });

  it.each([
    ['because the update replaced it', service({ tasks: [task({ state: 'shutdown', alive: false })] })],
    ['of an older spec', service({ tasks: [task({ state: 'failed', current: false })] })],
    ['well, as its restart policy has it', service({ restarts: 'on-failure', tasks: [task({ state: 'complete' })] })],
    ['well, as a job', service({ mode: 'job', tasks: [task({ state: 'complete' })] })],
  ])('%s is none', (_, state) => expect(failuresOf(state)).toEqual([]));
});

function unhealthy() {
  return { health: { status: 'unhealthy', lastOutput: '' }, outOfMemory: false, running: false };
}
