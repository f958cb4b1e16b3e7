import type { RunRecord } from '@cc-ci/shared/contract/run';
import { newRun } from '@cc-ci/shared/runs/new-run';
import { next, type Refusal, type RunEvent } from '@cc-ci/shared/runs/next';
import { beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../src/journal.ts';
import { LeaseLost } from '../src/stop.ts';
import type { TierResult } from '../src/tiers/tier.ts';
import { release } from './release.ts';

let record: RunRecord;
let lines: string[];
/** Events in the order in which the record took them. */
let events: RunEvent[];
beforeEach(() => {
  const request = {
    origin: { kind: 'api', key: 'k' },
    repo: { id: 1, owner: 'coop', name: 'probe' },
    cloneUrl: 'http://forge.test/coop/probe.git',
    recipe: 'probe',
    pull: null,
    commit: 'a'.repeat(40),
    chosen: 'named',
    flags: { quick: false, extraTests: false, stages: null },
    by: null,
  } as const;
  const claimed = next(newRun('t', '8f3a2c', request, 0), {
    kind: 'claimed',
    attempt: 1,
    runner: 'r',
    host: 'h',
    stack: 's',
    domain: 'd',
    at: 1,
  });
  if ('refused' in claimed) throw new Error(claimed.refused);
  record = claimed;
  lines = [];
  events = [];
});

const store = {
  async apply(_: string, event: RunEvent): Promise<RunRecord | Refusal> {
    const after = next(record, event);
    if (!('refused' in after)) {
      record = after;
      events.push(event);
    }
    return after;
  },
};
const open = (attempt = 1) =>
  openJournal(
    { run: record, attempt },
    store,
    { line: (from, text) => lines.push(`${from}: ${text}`), flush: async () => undefined },
    () => 5,
  );
const passed: TierResult = {
  state: 'pass',
  reason: null,
  note: 'fine',
  standing: { release: release('a'.repeat(40)), served: undefined },
};

async function planned() {
  const journal = open();
  await journal.record({ kind: 'planned', steps: [{ tier: 'install', state: 'pending' }], version: null, base: null });
  return journal;
}

describe('the journal of an attempt', () => {
  it('writes down the begin and the end of a step', async () => {
    const journal = await planned();
    await journal.step('install', async () => {
      expect(journal.tier()).toBe('install');
      expect(record.steps[0]).toMatchObject({ state: 'running', startedAt: 5 });
      return passed;
    });
    expect(record.steps[0]).toMatchObject({ state: 'pass', note: 'fine', endedAt: 5 });
    expect(journal.tier()).toBeNull();
  });

  it('knows which step it was that threw, and writes that down once', async () => {
    const journal = await planned();
    const failing = journal.step('install', async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(journal.tier()).toBe('install');
    await journal.broke('it broke');
    await journal.broke('it broke again');
    expect(record.steps[0]).toMatchObject({ state: 'fail', reason: 'it broke' });
  });

  it('says what it does, as a sentence in the log and as news in the record', async () => {
    const journal = open();
    journal.now('waiting for `app`', 99);
    await expect.poll(() => record.doing).toEqual({ what: 'waiting for `app`', since: 5, until: 99 });
    expect(lines).toEqual(['cc-ci: Waiting for `app`.']);
  });

  it('skips news that is old before it is written', async () => {
    const journal = open();
    for (let step = 1; step <= 50; step += 1) journal.now(`step ${step}`);
    await expect.poll(() => record.doing?.what).toBe('step 50');
    expect(events.length).toBeLessThan(5);
    expect(lines).toHaveLength(50);
  });

  it('stops the attempt when the record belongs to a newer one', async () => {
    const journal = open(7);
    await expect(journal.record({ kind: 'stand-ins-seen' })).rejects.toThrow(LeaseLost);
  });
});
