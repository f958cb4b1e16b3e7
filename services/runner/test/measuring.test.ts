import type { Footprint } from '@cc-ci/deploy/deployer';
import { EngineUnavailable } from '@cc-ci/deploy/errors';
import { describe, expect, it } from 'vitest';
import type { AttemptEvent } from '../src/journal.ts';
import { openMeasuring } from '../src/measuring.ts';
import { release } from './release.ts';

const app = { stack: 'hedg-1', domain: 'hedg-1.test', owner: { instance: 'i', host: 'h', run: 'aaaaaa', attempt: 1 } };
const up = (commit: string, startMs?: number) => ({
  release: release(commit),
  served: undefined,
  ...(startMs !== undefined && { startMs }),
});

/** What is written, as the app takes this much at one look after the other. */
async function written(looks: readonly (Footprint | Error)[], ...standings: ReturnType<typeof up>[]): Promise<unknown[]> {
  const events: AttemptEvent[] = [];
  const waiting = [...looks];
  const footprint = async (): Promise<Footprint> => {
    const look = waiting.shift();
    if (look instanceof Error || look === undefined) throw look ?? new Error('Looked once more than expected.');
    return look;
  };
  const journal = { record: async (event: AttemptEvent) => void events.push(event) };
  const measure = openMeasuring({ app, deployer: { footprint }, journal, commit: 'new' });
  for (const standing of standings) await measure(standing);
  return events.map((event) => ('resources' in event ? event.resources : event));
}

describe('what the app takes of its host', () => {
  it('is the most that was seen after any step, and how long its last deployment took to start', async () => {
    const looks = [
      { memoryBytes: 300, imageBytes: 900 },
      { memoryBytes: 200, imageBytes: 900 },
    ];
    expect(await written(looks, up('new', 4_000), up('new', 5_000))).toEqual([
      { memoryBytes: 300, imageBytes: 900, startMs: 4_000 },
      { memoryBytes: 300, imageBytes: 900, startMs: 5_000 },
    ]);
  });

  it('is not that of the version before', async () => {
    expect(await written([], up('old', 4_000))).toEqual([]);
  });

  it('has no memory where the host does not count it', async () => {
    expect(await written([{ memoryBytes: undefined, imageBytes: 1 }], up('new'))).toEqual([
      { memoryBytes: null, imageBytes: 1, startMs: null },
    ]);
  });

  it('fails nobody when the engine does not answer', async () => {
    expect(await written([new EngineUnavailable('look', 'away')], up('new'))).toEqual([]);
  });
});
