import { describe, expect, it } from 'vitest';
import { BackupUnfit } from '../src/tiers/failures.ts';
import { goingOn } from '../src/tiers/go-on.ts';
import { both, context, deployment, tested, up } from './tier-stand.ts';

const unfit = new BackupUnfit('The backup holds nothing.');
const failing = (error: Error) => goingOn(async () => Promise.reject(error));
const there = both;

describe('a step after which a run goes on', () => {
  it('is red, with the app as it was, where the app is up', async () => {
    const given = deployment({ seen: there });
    expect(await failing(unfit)(context(given, { standing: up(tested) }))).toEqual({
      state: 'fail',
      reason: 'The backup holds nothing',
      note: null,
      standing: up(tested),
      failure: unfit,
    });
    expect(given.done).toEqual(['stays for 0 s']);
  });

  it('ends the run where the app is gone, without waiting for it', async () => {
    const given = deployment({ seen: [] });
    await expect(failing(unfit)(context(given, { standing: up(tested) }))).rejects.toBe(unfit);
    expect(given.done).toEqual([]);
  });

  it('ends the run where the trouble is ours', async () => {
    const ours = new Error('The engine is away.');
    await expect(failing(ours)(context(deployment({ seen: there }), { standing: up(tested) }))).rejects.toBe(ours);
  });
});
