import { builtTiers, type Tier } from '@cc-ci/shared/contract/glossary';
import { NOT_ASKED_FOR } from '@cc-ci/shared/contract/run';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Base, chooseBase, nameOf, patternsOf, planSteps } from '../src/schedule.ts';

const sha = (digit: string): string => digit.repeat(40);
const tested = sha('a');
const refs = (entries: Record<string, string>): Map<string, string> => new Map(Object.entries(entries));
const tag = (version: string): string => `refs/tags/${version}`;

describe('the base of an upgrade', () => {
  it.each<
    [title: string, version: string | undefined, references: Record<string, string>, expected: Partial<Base> | { reason: string }]
  >([
    [
      'is the newest release that is older than the commit',
      '2.1.0+1.10.0',
      { [tag('1.0.0+1.8.0')]: sha('1'), [tag('2.0.0+1.9.0')]: sha('2'), 'refs/heads/main': sha('3') },
      { version: '2.0.0+1.9.0', commit: sha('2'), reference: tag('2.0.0+1.9.0') },
    ],
    [
      'is the release that the commit still names, as its version is raised only when it is released',
      '2.0.0+1.9.0',
      { [tag('1.0.0+1.8.0')]: sha('1'), [tag('2.0.0+1.9.0')]: sha('2'), 'refs/heads/main': sha('2') },
      { version: '2.0.0+1.9.0', commit: sha('2') },
    ],
    [
      'is the release before where the commit itself is a release',
      '2.0.0+1.9.0',
      { [tag('1.0.0+1.8.0')]: sha('1'), [tag('2.0.0+1.9.0')]: tested },
      { version: '1.0.0+1.8.0', commit: sha('1') },
    ],
    [
      'is never a newer release',
      '1.0.0+1.8.0',
      { [tag('2.0.0+1.9.0')]: sha('2'), 'refs/heads/main': sha('3') },
      { version: null, commit: sha('3'), reference: 'refs/heads/main' },
    ],
    [
      'is the tip of the branch where nothing was released',
      '1.0.0+1',
      { 'refs/heads/main': sha('3') },
      { version: null, commit: sha('3') },
    ],
    [
      'is the tip of the branch where the commit names no version',
      undefined,
      { [tag('1.0.0+1.8.0')]: sha('1'), 'refs/heads/main': sha('3') },
      { version: null, commit: sha('3') },
    ],
    [
      'ignores tags that are no versions',
      '1.0.0+1',
      { 'refs/tags/v0.9.0': sha('1'), 'refs/heads/main': sha('3') },
      { version: null, commit: sha('3') },
    ],
    [
      'is absent where the branch is the commit itself',
      '1.0.0+1',
      { [tag('1.0.0+1')]: tested, 'refs/heads/main': tested },
      { reason: 'there is no earlier version to upgrade from' },
    ],
    ['is absent where there is nothing', undefined, {}, { reason: 'there is no earlier version to upgrade from' }],
  ])('%s', (_, version, references, expected) => {
    expect(chooseBase({ commit: tested, version, references: refs(references), baseBranch: 'main' })).toMatchObject(expected);
  });

  it('is the release that cc-ci’s own settings name, and none where there is no such release', () => {
    const references = refs({ [tag('1.0.0+1.8.0')]: sha('1'), [tag('2.0.0+1.9.0')]: sha('2') });
    const choose = (pinned: string) => chooseBase({ commit: tested, version: '3.0.0+1', references, baseBranch: 'main', pinned });
    expect(choose('1.0.0+1.8.0')).toMatchObject({ version: '1.0.0+1.8.0', commit: sha('1') });
    expect(choose('1.0.0+1.7.0')).toEqual({
      reason: 'there is no release `1.0.0+1.7.0`, which cc-ci’s own settings name as its base',
    });
  });

  it('is absent for a commit of no pull request without releases', () => {
    const references = refs({ 'refs/heads/main': sha('3') });
    expect(chooseBase({ commit: tested, version: '1.0.0+1', references, baseBranch: undefined })).toHaveProperty('reason');
  });

  it('is never the commit itself, whatever the forge lists', () => {
    const names = fc.constantFrom(tag('1.0.0+1'), tag('1.1.0+1'), tag('2.0.0+1'), tag('odd'), 'refs/heads/main');
    const listings = fc.dictionary(names, fc.constantFrom(tested, sha('1'), sha('2')));
    const versions = fc.option(fc.constantFrom('1.0.0+1', '1.1.0+1', '2.0.0+1', 'odd'), { nil: undefined });
    fc.assert(
      fc.property(listings, versions, (listing, version) => {
        const base = chooseBase({ commit: tested, version, references: refs(listing), baseBranch: 'main' });
        return 'reason' in base || base.commit !== tested;
      }),
    );
  });
});

describe('what is asked of the forge', () => {
  it('is all tags, and the branch of the pull request', () => {
    expect(patternsOf('main')).toEqual(['refs/tags/*', 'refs/heads/main']);
    expect(patternsOf(undefined)).toEqual(['refs/tags/*']);
  });
});

describe('the plan', () => {
  it('has the built steps in their order', () => {
    expect(planSteps({}, null).map(({ tier, state }) => `${tier} ${state}`)).toEqual([
      'lint pending',
      'install pending',
      'upgrade pending',
      'backup pending',
      'restore pending',
      'custom pending',
      'local pending',
      'extra pending',
    ]);
  });

  it('is without what is no part of it', () => {
    expect(planSteps({ extra: null }, null).map(({ tier }) => tier)).not.toContain('extra');
  });

  it.each<[asked: Tier[], made: string]>([
    [['lint'], 'lint'],
    [['install'], 'install'],
    [['upgrade'], 'install upgrade'],
    [['restore'], 'install backup restore'],
    [['lint', 'custom'], 'lint install custom'],
    [['extra'], 'install extra'],
  ])('has what %s asks for and what that stands on, and skips the rest as wanted', (asked, made) => {
    const steps = planSteps({ upgrade: { reason: 'nothing before', intended: false } }, asked);
    const notMade = steps.filter(({ tier }) => !made.split(' ').includes(tier));
    expect(notMade.map((step) => step.state === 'skip' && [step.reason, step.intended])).toEqual(
      notMade.map(() => [NOT_ASKED_FOR, true]),
    );
    expect(steps).toHaveLength(builtTiers.length);
  });

  it('skips what cannot be tested, with the reason', () => {
    const nothing = { reason: 'nothing before', intended: false };
    expect(planSteps({ upgrade: nothing }, null)[2]).toEqual({ tier: 'upgrade', state: 'skip', ...nothing });
  });
});

describe('the name of a base', () => {
  it.each([
    ['its release', '1.0.0+2', '`1.0.0+2`'],
    ['its commit where it is no release', null, '`aaaaaaaa`'],
  ])('is %s', (_, version, expected) => {
    expect(nameOf({ version, commit: tested })).toBe(expected);
  });
});
