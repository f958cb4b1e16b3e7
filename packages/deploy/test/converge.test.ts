import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { converge } from '../src/converge.ts';
import type { App, Release } from '../src/deployer.ts';
import type { Engine } from '../src/engine.ts';
import { NotConverged } from '../src/errors.ts';
import { commitLabel } from '../src/labels.ts';

const commit = 'b'.repeat(40);
const app: App = { stack: 'prob', domain: 'prob.test', owner: { instance: 'test', host: 'here', run: '8f3a2c', attempt: 1 } };
const release = { commit, document: { version: '3.8', services: { app: { image: 'app:1' } } } } as unknown as Release;
const TaskTemplate = { ContainerSpec: { Image: 'app:1' } };
const longAgo = new Date(0);

/** An engine whose Swarm says that the one service runs since long ago. @param running what the engine says of its container, in turn */
function engineWhere(running: readonly boolean[]): Engine {
  const answers = [...running];
  return {
    docker: { getEvents: async () => Readable.from([]), getContainer: () => ({ logs: async () => Buffer.alloc(0) }) },
    clockOffset: async () => 0,
    services: async () => [
      {
        ID: 's',
        Spec: { Name: 'prob_app', Labels: { [commitLabel]: commit }, TaskTemplate, Mode: { Replicated: { Replicas: 1 } } },
      },
    ],
    tasks: async () => [
      {
        ID: 't',
        ServiceID: 's',
        NodeID: 'n',
        Slot: 1,
        CreatedAt: longAgo,
        Spec: TaskTemplate,
        DesiredState: 'running',
        Status: { State: 'running', Timestamp: longAgo, ContainerStatus: { ContainerID: 'c' } },
      },
    ],
    container: async () => ({ outOfMemory: false, running: answers.length > 1 ? answers.shift() : answers[0] }),
  } as unknown as Engine;
}

/** Waits for the release on this engine, and gives what it said meanwhile. */
async function said(engine: Engine, deadline = AbortSignal.timeout(60_000)): Promise<string[]> {
  const words: string[] = [];
  const options = { say: ({ what }: { what: string }) => void words.push(what), holdMs: 0, deadline };
  await converge(engine, app, release, options, AbortSignal.timeout(60_000));
  return words;
}

describe('what Swarm calls running', () => {
  it('has converged when its container runs', async () => {
    expect(await said(engineWhere([true]))).toEqual([]);
  });

  it('is waited for while its container has ended', async () => {
    expect(await said(engineWhere([false, false, true]))).toEqual(['has ended, which Swarm has not noticed yet']);
  });

  it('has not converged when its container has ended and Swarm never notices', async () => {
    await expect(said(engineWhere([false]), AbortSignal.abort())).rejects.toThrow(NotConverged);
  });
});
