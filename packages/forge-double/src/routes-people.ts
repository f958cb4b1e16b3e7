/** The forge itself, accounts and memberships. */
import { demandPerson, roleIn, seesMembers } from './access.ts';
import { repositoryAnswer } from './answers-code.ts';
import { organisationAnswer, userAnswer } from './answers-people.ts';
import { type Answer, API, type Asked, nothing, ok, pageOf, type Route } from './api.ts';
import { findPerson, isMember, organisation, person } from './people.ts';
import { notFound, Refusal } from './refusal.ts';
import { visibleRepository } from './repositories.ts';
import type { Account, World } from './world.ts';

/** A version that Gitea had, marked as not Gitea. */
const VERSION = '1.27.1+cc-ci-forge-double';

export function peopleRoutes(world: World): Route[] {
  return [
    { method: 'GET', path: '/version', handle: () => ok({ version: VERSION }) },
    { method: 'GET', path: '/settings/api', handle: () => ok({ max_response_items: world.longestPage, default_paging_num: 30 }) },
    {
      method: 'GET',
      path: '/user',
      scope: 'read:user',
      signedIn: true,
      handle: ({ caller, viewer }) => ok(userAnswer(demandPerson(caller), viewer)),
    },
    {
      method: 'GET',
      path: '/users/:username',
      scope: 'read:user',
      handle: ({ params, viewer }) => ok(userAnswer(person(world, params['username'] ?? ''), viewer)),
    },
    {
      method: 'GET',
      path: '/orgs/:org',
      scope: 'read:organization',
      handle: ({ params }) => ok(organisationAnswer(organisation(world, params['org'] ?? ''))),
    },
    {
      method: 'GET',
      path: '/orgs/:org/repos',
      scope: 'read:organization',
      handle: (asked) => repositoriesOf(world, organisation(world, asked.params['org'] ?? ''), asked),
    },
    {
      method: 'GET',
      path: '/users/:username/repos',
      scope: 'read:user',
      handle: (asked) => repositoriesOf(world, person(world, asked.params['username'] ?? ''), asked),
    },
    {
      method: 'GET',
      path: '/orgs/:org/members/:username',
      scope: 'read:organization',
      signedIn: true,
      handle: memberAnswer(world),
    },
    { method: 'GET', path: '/orgs/:org/public_members/:username', scope: 'read:organization', handle: publicMemberAnswer(world) },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/collaborators/:username',
      scope: 'read:repository',
      signedIn: true,
      handle: collaboratorAnswer(world),
    },
  ];
}

/** Counted before what the caller may not see is left out, so that a page can be short. */
function repositoriesOf(world: World, owner: Account, { query, viewer }: Asked): Answer {
  const all = [...world.repositories.values()].filter((one) => one.owner === owner);
  const { items, headers } = pageOf(world, query, all);
  const visible = items.filter((one) => roleIn(one, viewer.person));
  return { status: 200, headers, body: visible.map((one) => repositoryAnswer(one, viewer)) };
}

const memberAnswer =
  (world: World): Route['handle'] =>
  ({ caller, params }) => {
    const org = organisation(world, params['org'] ?? '');
    const who = person(world, params['username'] ?? '');
    if (!seesMembers(org, demandPerson(caller)))
      return { status: 303, headers: { location: `${API}/orgs/${org.login}/public_members/${who.login}` } };
    if (!isMember(org, who)) throw notFound();
    return nothing;
  };

const publicMemberAnswer =
  (world: World): Route['handle'] =>
  ({ params }) => {
    const org = organisation(world, params['org'] ?? '');
    if (!org.openly.has(person(world, params['username'] ?? ''))) throw notFound();
    return nothing;
  };

const collaboratorAnswer =
  (world: World): Route['handle'] =>
  ({ caller, params }) => {
    const repository = visibleRepository(world, params['owner'] ?? '', params['repo'] ?? '', caller.person);
    const who = findPerson(world, params['username'] ?? '');
    if (!who) throw new Refusal(422, 'user does not exist');
    if (!repository.collaborators.has(who)) throw notFound();
    return nothing;
  };
