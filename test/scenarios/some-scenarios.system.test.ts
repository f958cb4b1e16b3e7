import { describe, expect, inject, it } from 'vitest';
import { playAll } from './play.ts';
import { readScenarios } from './scenario.ts';

/**
 * One that is red for each step, the greenest, and what most easily passes for green; `npm run scenarios` plays them all. At install it
 * is the one without an image: a crash loop is watched for a minute.
 */
const chosen = [
  'good-significant',
  ...['red-lint', 'no-image', 'red-upgrade', 'red-backup', 'red-restore', 'red-custom', 'red-extra', 'asked-extra'],
  ...['data-gone', 'masked-image', 'hostile-overlay', 'hostile-symlink'],
];

describe('scenarios', () => {
  it('are at least thirty', async () => {
    expect((await readScenarios()).length).toBeGreaterThanOrEqual(30);
  });

  it('end as they must', async () => {
    const scenarios = (await readScenarios()).filter(({ name }) => chosen.includes(name));
    expect(scenarios.map(({ name }) => name)).toEqual(chosen.toSorted());
    const outcomes = await playAll(inject('machine'), scenarios, () => undefined, new AbortController().signal);
    expect(outcomes.filter(({ breaches }) => breaches.length > 0)).toEqual([]);
  });
});
