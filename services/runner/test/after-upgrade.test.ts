import type { ObservedService } from '@cc-ci/deploy/deployer';
import { describe, expect, it } from 'vitest';
import type { Standing } from '../src/deployment.ts';
import { addressLost, notUpgraded } from '../src/tiers/upgrade.ts';
import { before, both, page, running, tested } from './tier-stand.ts';

describe('the address after an upgrade', () => {
  it.each<[title: string, before: Standing['served'], after: Standing['served'], lost: RegExp | undefined]>([
    ['stays', page(), page(), undefined],
    ['may be new', undefined, page(), undefined],
    ['may ask who you are', page(), page(401), undefined],
    ['may send you elsewhere', page(), page(302), undefined],
    ['may forbid what it forbade', page(403), page(403), undefined],
    ['is lost where nothing is published any more', page(), undefined, /^`https:\/\/app\.test\/` answered before .* nothing/],
    ['is lost where it is another one', page(), page(200, 'www.app.test'), /at `https:\/\/www\.app\.test\/` instead/],
    ['is lost where nobody is let in any more', page(), page(403), /let people in before .*HTTP 200.*HTTP 403/],
  ])('%s', (_, before, after, lost) => {
    const said = addressLost({ served: before }, { served: after });
    if (lost === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(lost);
  });
});

describe('what runs after an upgrade', () => {
  it.each<[title: string, seen: ObservedService[], what: string | undefined]>([
    ['is the commit', both, undefined],
    ['may include a service that the commit no longer has', [...both, running('old', { commit: before.commit })], undefined],
    ['may include a job that has ended', [running('app'), running('db', { running: 0, current: 0 })], undefined],
    ['is not the commit where a service is missing', [running('app')], 'is not there after the upgrade'],
    [
      'is not the commit after a rollback',
      [running('app', { update: 'rollback_completed' }), running('db')],
      'was taken back to the version before by Swarm',
    ],
    [
      'is not the commit after a pause',
      [running('app', { update: 'paused' }), running('db')],
      'was left half way by Swarm, which paused its update',
    ],
    [
      'is not the commit where the stamp is old',
      [running('app', { commit: before.commit }), running('db')],
      'still carries the stamp of the version before',
    ],
    [
      'is not the commit where a task is old',
      [running('app', { running: 2, current: 1 }), running('db')],
      'still has tasks of the version before',
    ],
  ])('%s', (_, services, what) => {
    expect(notUpgraded({ services }, tested)?.what).toBe(what);
  });
});
