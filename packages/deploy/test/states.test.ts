import { describe, expect, it } from 'vitest';
import { EngineService, EngineTask } from '../src/engine-answers.ts';
import { readStates } from '../src/states.ts';

const containerSpec = { Image: 'web:1', Env: ['A=1'], Labels: { l: '1' } };
const serviceAnswer = (spec: object = {}, rest: object = {}) =>
  EngineService.parse({
    ID: 's1',
    Spec: {
      Name: 'hedg-1_app',
      Labels: { 'cc-ci.commit': 'abc' },
      TaskTemplate: { ContainerSpec: containerSpec, Runtime: 'container', Placement: { Platforms: [{ OS: 'linux' }] } },
      Mode: { Replicated: { Replicas: 2 } },
      ...spec,
    },
    ...rest,
  });
const taskAnswer = (spec: object = { ContainerSpec: containerSpec }, rest: object = {}) =>
  EngineTask.parse({
    ID: 't1',
    ServiceID: 's1',
    CreatedAt: '2026-01-01T00:00:00.5Z',
    Spec: spec,
    DesiredState: 'running',
    Status: { State: 'running', Timestamp: '2026-01-01T00:00:02.123456789Z' },
    ...rest,
  });
const read = (service = serviceAnswer(), task = taskAnswer()) => readStates('hedg-1', [service], [task])[0];

describe('what the engine says of a service', () => {
  it('is read in our words', () => {
    expect(read()).toMatchObject({
      name: 'app',
      commit: 'abc',
      image: 'web:1',
      mode: 'replicated',
      wanted: 2,
      restarts: 'any',
      monitorMs: 0,
      tasks: [{ id: 't1', current: true, alive: true, state: 'running', createdAt: Date.UTC(2026, 0, 1, 0, 0, 0, 500) }],
    });
  });

  it.each([
    ['global', { Mode: { Global: {} } }, { ServiceStatus: { DesiredTasks: 3 } }, { mode: 'global', wanted: 3 }],
    ['a job', { Mode: { ReplicatedJob: { TotalCompletions: 4 } } }, {}, { mode: 'job', wanted: 4 }],
    ['scaled to nothing', { Mode: { Replicated: { Replicas: 0 } } }, {}, { wanted: 0 }],
    ['watched for 30 s', { UpdateConfig: { Monitor: 30e9 } }, {}, { monitorMs: 30_000 }],
    ['without labels', { Labels: null }, {}, { commit: undefined }],
    ['updated', {}, { UpdateStatus: { State: 'updating', Message: 'm' } }, { update: { state: 'updating', message: 'm' } }],
    ['created once', {}, { UpdateStatus: {} }, { update: undefined }],
  ])('%s', (_, spec, rest, expected) => expect(read(serviceAnswer(spec, rest))).toMatchObject(expected));
});

describe('a task is current', () => {
  it.each([
    ['when its spec is the service’s, whatever Swarm adds to either', { ContainerSpec: containerSpec, Placement: {} }, true],
    ['not with another image', { ContainerSpec: { ...containerSpec, Image: 'web:2' } }, false],
    ['not with another environment', { ContainerSpec: { ...containerSpec, Env: ['A=2'] } }, false],
    ['not with other networks', { ContainerSpec: containerSpec, Networks: [{ Target: 'n' }] }, false],
    ['not when it was forced to be replaced', { ContainerSpec: containerSpec, ForceUpdate: 1 }, false],
  ])('%s', (_, spec, current) => expect(read(undefined, taskAnswer(spec))?.tasks[0]?.current).toBe(current));

  it('not when it is of an earlier iteration of its job', () => {
    const job = serviceAnswer({ Mode: { ReplicatedJob: {} } }, { JobStatus: { JobIteration: { Index: 2 } } });
    expect(read(job, taskAnswer(undefined, { JobIteration: { Index: 1 } }))?.tasks[0]?.current).toBe(false);
  });
});

describe('a task that the engine could not start', () => {
  it.each([
    { State: 'rejected', Err: 'invalid mount' },
    { State: 'failed', Err: 'starting container failed: exec: not found' },
  ])('has no exit code of its own ($State)', (status) => {
    const Status = { Timestamp: '2026-01-01T00:00:02Z', ContainerStatus: { ExitCode: 127 }, ...status };
    expect(read(undefined, taskAnswer(undefined, { Status }))?.tasks[0]).toMatchObject({ refused: true, exitCode: undefined });
  });
});
