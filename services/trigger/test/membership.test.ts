import { ForgeAnswerUnusable } from '@cc-ci/forge/errors';
import { describe, expect, it } from 'vitest';
import { standingOf } from '../src/membership.ts';

const repo = { id: 3, owner: 'coop', name: 'hedgedoc' };
const yes = { may: true };
const no = { may: false, visibility: 'all' };

/** What the forge would answer; anything else that is asked fails the test. */
function forge(answers: {
  membership?: 'member' | 'not-member' | 'only-public-visible';
  owner?: 'organisation' | 'person';
  collaborator?: boolean;
}) {
  const answer = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('this is not to be asked');
    return value;
  };
  return {
    membership: async () => answer(answers.membership),
    ownerKind: async () => answer(answers.owner),
    isCollaborator: async () => answer(answers.collaborator),
  };
}

describe('who may start a run', () => {
  it.each([
    ['a member of the organisation may', forge({ membership: 'member' }), 'ana', [], yes],
    ['somebody on the allow-list may, in whatever case', forge({}), 'Ana', ['aNA'], yes],
    ['the owner of a repository may', forge({}), 'COOP', [], yes],
    [
      'a collaborator of a person’s repository may',
      forge({ membership: 'not-member', owner: 'person', collaborator: true }),
      'ana',
      [],
      yes,
    ],
    [
      'a stranger in a person’s repository may not',
      forge({ membership: 'not-member', owner: 'person', collaborator: false }),
      'ana',
      [],
      no,
    ],
    [
      'a collaborator of an organisation’s repository may not',
      forge({ membership: 'not-member', owner: 'organisation' }),
      'ana',
      [],
      no,
    ],
    [
      'somebody whose membership we may not see may not, and is told why',
      forge({ membership: 'only-public-visible' }),
      'ana',
      [],
      { may: false, visibility: 'public-only' },
    ],
  ])('%s', async (_, asked, login, allowed, expected) => {
    expect(await standingOf(asked, allowed, repo, login)).toEqual(expected);
  });

  it('is not decided while the forge says neither yes nor no', async () => {
    const broken = {
      ...forge({}),
      membership: () => Promise.reject(new ForgeAnswerUnusable({ route: 'x', status: 500, why: '500' })),
    };
    await expect(standingOf(broken, [], repo, 'ana')).rejects.toBeInstanceOf(ForgeAnswerUnusable);
  });
});
