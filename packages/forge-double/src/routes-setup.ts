/** What a test needs to make its own world through Gitea's API: accounts, teams, tokens, repositories, forks, pull requests. */
import { z } from 'zod';
import { demandPerson } from './access.ts';
import { repositoryAnswer } from './answers-code.ts';
import { issueAnswer, pullAnswer } from './answers-issues.ts';
import { organisationAnswer, teamAnswer, timeText, userAnswer } from './answers-people.ts';
import { type Answer, type Asked, created, nothing, numberOf, ok, type Route } from './api.ts';
import { openIssue, setState } from './issues.ts';
import * as people from './people.ts';
import { openPullRequest, retarget } from './pulls.ts';
import { notFound, Refusal } from './refusal.ts';
import * as repositories from './repositories.ts';
import { pullAsked } from './routes-pulls.ts';
import type { Organisation, Person, Repository, Team, World } from './world.ts';

const Role = z.enum(['read', 'write', 'admin']);
const NewUser = z.object({ username: z.string(), email: z.string(), password: z.string().min(8) });
const NewToken = z.object({ name: z.string(), scopes: z.array(z.string()).min(1) });
const NewOrganisation = z.object({ username: z.string() });
const NewTeam = z.object({ name: z.string(), permission: Role });
const NewRepository = z.object({ name: z.string(), private: z.boolean().default(false) });
const EditedRepository = z.object({ name: z.string().optional(), archived: z.boolean().optional() });
const NewFork = z.object({ name: z.string().optional() });
const NewCollaborator = z.object({ permission: Role.default('write') });
const NewPull = z.object({ title: z.string(), body: z.string().default(''), base: z.string(), head: z.string() });
const EditedPull = z.object({ state: z.enum(['open', 'closed']).optional(), base: z.string().optional() });
const NewIssue = z.object({ title: z.string(), body: z.string().default('') });

const repo = '/repos/:owner/:repo';

export function setupRoutes(world: World): Route[] {
  const of = (scope: string) => ({ scope, signedIn: true }) as const;
  return [
    { method: 'POST', path: '/admin/users', ...of('write:admin'), handle: (asked) => createUser(world, asked) },
    { method: 'DELETE', path: '/admin/users/:username', ...of('write:admin'), handle: (asked) => deleteUser(world, asked) },
    { method: 'POST', path: '/users/:username/tokens', signedIn: true, handle: (asked) => createToken(world, asked) },
    { method: 'POST', path: '/orgs', ...of('write:organization'), handle: (asked) => createOrganisation(world, asked) },
    { method: 'DELETE', path: '/orgs/:org', ...of('write:organization'), handle: (asked) => deleteOrganisation(world, asked) },
    { method: 'POST', path: '/orgs/:org/teams', ...of('write:organization'), handle: (asked) => createTeam(world, asked) },
    {
      method: 'PUT',
      path: '/teams/:id/members/:username',
      ...of('write:organization'),
      handle: (asked) => joinTeam(world, asked),
    },
    {
      method: 'PUT',
      path: '/orgs/:org/public_members/:username',
      ...of('write:organization'),
      handle: (asked) => showMember(world, asked),
    },
    {
      method: 'POST',
      path: '/orgs/:org/repos',
      ...of('write:organization'),
      handle: (asked) => createOrganisationRepository(world, asked),
    },
    { method: 'POST', path: '/user/repos', ...of('write:user'), handle: (asked) => createOwnRepository(world, asked) },
    { method: 'PATCH', path: repo, ...of('write:repository'), handle: (asked) => editRepository(world, asked) },
    { method: 'DELETE', path: repo, ...of('write:repository'), handle: (asked) => deleteRepository(world, asked) },
    {
      method: 'PUT',
      path: `${repo}/collaborators/:username`,
      ...of('write:repository'),
      handle: (asked) => addCollaborator(world, asked),
    },
    { method: 'POST', path: `${repo}/forks`, ...of('write:repository'), handle: (asked) => fork(world, asked) },
    { method: 'POST', path: `${repo}/pulls`, ...of('write:repository'), handle: (asked) => createPull(world, asked) },
    { method: 'PATCH', path: `${repo}/pulls/:index`, ...of('write:repository'), handle: (asked) => editPull(world, asked) },
    { method: 'POST', path: `${repo}/issues`, ...of('write:issue'), handle: (asked) => createIssue(world, asked) },
  ];
}

function demandSiteAdmin({ caller }: Asked): void {
  if (!demandPerson(caller).siteAdmin) throw new Refusal(403, 'user should be the site admin');
}

function createUser(world: World, asked: Asked): Answer {
  demandSiteAdmin(asked);
  const { username, password } = NewUser.parse(asked.body);
  return created(userAnswer(people.addPerson(world, username, { password }), asked.viewer));
}

function deleteUser(world: World, asked: Asked): Answer {
  demandSiteAdmin(asked);
  const who = people.person(world, asked.params['username'] ?? '');
  if ([...world.repositories.values()].some((one) => one.owner === who))
    throw new Refusal(422, 'user still has ownership of repositories');
  people.deletePerson(world, who);
  return nothing;
}

/** By password only, as on Gitea: a token cannot make tokens. */
function createToken(world: World, asked: Asked): Answer {
  const who = people.person(world, asked.params['username'] ?? '');
  if (asked.caller.person !== who || asked.caller.scopes) throw new Refusal(403, 'auth method not allowed');
  const { name, scopes } = NewToken.parse(asked.body);
  const token = people.issueToken(world, who, name, scopes);
  return created({
    id: token.id,
    name,
    sha1: token.secret,
    token_last_eight: token.secret.slice(-8),
    scopes,
    created_at: timeText(world.now()),
  });
}

function createOrganisation(world: World, asked: Asked): Answer {
  const { username } = NewOrganisation.parse(asked.body);
  return created(organisationAnswer(people.addOrganisation(world, username, demandPerson(asked.caller))));
}

/** 403 for whoever is not among the owners. */
function ownedOrganisation(world: World, { params, caller }: Asked): Organisation {
  const found = people.organisation(world, params['org'] ?? '');
  demandOwner(found, demandPerson(caller));
  return found;
}

function demandOwner(of: Organisation, who: Person): void {
  if (who.siteAdmin || of.teams[0]?.people.has(who)) return;
  throw new Refusal(403, 'Must be an organization owner');
}

function deleteOrganisation(world: World, asked: Asked): Answer {
  const found = ownedOrganisation(world, asked);
  if ([...world.repositories.values()].some((one) => one.owner === found)) throw new Refusal(500, '');
  world.accounts.delete(found.login.toLowerCase());
  world.events.emit('change');
  return nothing;
}

function createTeam(world: World, asked: Asked): Answer {
  const { name, permission } = NewTeam.parse(asked.body);
  return created(teamAnswer(people.addTeam(world, ownedOrganisation(world, asked), name, permission)));
}

function joinTeam(world: World, asked: Asked): Answer {
  const { team, of } = teamById(world, numberOf(asked.params, 'id'));
  demandOwner(of, demandPerson(asked.caller));
  team.people.add(people.person(world, asked.params['username'] ?? ''));
  world.events.emit('change');
  return nothing;
}

function teamById(world: World, id: number): { team: Team; of: Organisation } {
  for (const of of world.accounts.values()) {
    const team = of.kind === 'organisation' ? of.teams.find((one) => one.id === id) : undefined;
    if (team && of.kind === 'organisation') return { team, of };
  }
  throw notFound();
}

/** Only members can show themselves, and nobody else can do it for them. */
function showMember(world: World, { params, caller }: Asked): Answer {
  const of = people.organisation(world, params['org'] ?? '');
  const who = people.person(world, params['username'] ?? '');
  if (caller.person !== who) throw new Refusal(403, 'Cannot publicize another member');
  if (!people.isMember(of, who)) throw notFound();
  of.openly.add(who);
  world.events.emit('change');
  return nothing;
}

async function createOrganisationRepository(world: World, asked: Asked): Promise<Answer> {
  const { name, private: isPrivate } = NewRepository.parse(asked.body);
  const made = await repositories.addRepository(world, ownedOrganisation(world, asked), name, { private: isPrivate });
  return created(repositoryAnswer(made, asked.viewer));
}

async function createOwnRepository(world: World, asked: Asked): Promise<Answer> {
  const { name, private: isPrivate } = NewRepository.parse(asked.body);
  const made = await repositories.addRepository(world, demandPerson(asked.caller), name, { private: isPrivate });
  return created(repositoryAnswer(made, asked.viewer));
}

function visible(world: World, { params, caller }: Asked): Repository {
  return repositories.visibleRepository(world, params['owner'] ?? '', params['repo'] ?? '', caller.person);
}

function administered(world: World, asked: Asked): Repository {
  const repository = visible(world, asked);
  repositories.demandRole(repository, asked.caller.person, 'admin');
  return repository;
}

function editRepository(world: World, asked: Asked): Answer {
  const repository = administered(world, asked);
  const { name, archived } = EditedRepository.parse(asked.body);
  if (name !== undefined) repositories.renameRepository(world, repository, name);
  if (archived !== undefined) repository.archived = archived;
  return ok(repositoryAnswer(repository, asked.viewer));
}

async function deleteRepository(world: World, asked: Asked): Promise<Answer> {
  await repositories.deleteRepository(world, administered(world, asked));
  return nothing;
}

function addCollaborator(world: World, asked: Asked): Answer {
  const repository = administered(world, asked);
  const who = people.findPerson(world, asked.params['username'] ?? '');
  if (!who) throw new Refusal(422, 'user does not exist');
  repository.collaborators.set(who, NewCollaborator.parse(asked.body ?? {}).permission);
  world.events.emit('change');
  return nothing;
}

async function fork(world: World, asked: Asked): Promise<Answer> {
  const parent = visible(world, asked);
  const { name = parent.name } = NewFork.parse(asked.body ?? {});
  const made = await repositories.addRepository(world, demandPerson(asked.caller), name, { parent });
  return { status: 202, body: repositoryAnswer(made, asked.viewer) };
}

/** `head` is a branch here, or `owner:branch` of a fork. */
async function createPull(world: World, asked: Asked): Promise<Answer> {
  const repository = visible(world, asked);
  const { head, ...text } = NewPull.parse(asked.body);
  const author = demandPerson(asked.caller);
  const pull = await openPullRequest(world, repository, author, { ...text, head: headNamed(world, repository, head) });
  return created(await pullAnswer(world, pull, asked.viewer));
}

/** The branch that `branch` or `owner:branch` means for a pull request to `base`. 404 when that owner has no fork. */
export function headNamed(world: World, base: Repository, head: string): { repository: Repository; branch: string } {
  const [owner, branch] = head.includes(':') ? head.split(':', 2) : [base.owner.login, head];
  const repository = [...world.repositories.values()].find(
    (one) => one.owner.login.toLowerCase() === owner?.toLowerCase() && (one === base || one.parent === base),
  );
  if (!repository || !branch) throw notFound();
  return { repository, branch };
}

async function editPull(world: World, asked: Asked): Promise<Answer> {
  const pull = pullAsked(world, asked);
  const who = demandPerson(asked.caller);
  if (pull.author !== who) repositories.demandRole(pull.repository, who, 'write');
  const { state, base } = EditedPull.parse(asked.body);
  if (base !== undefined) await retarget(world, pull, who, base);
  if (state !== undefined) setState(world, pull, who, state);
  return created(await pullAnswer(world, pull, asked.viewer));
}

function createIssue(world: World, asked: Asked): Answer {
  const { title, body } = NewIssue.parse(asked.body);
  const issue = openIssue(world, visible(world, asked), demandPerson(asked.caller), title, body);
  return created(issueAnswer(issue, asked.viewer));
}
