/** Who is asking, and what they may do. */
import { isMember } from './people.ts';
import { Refusal } from './refusal.ts';
import type { Person, Repository, Role, World } from './world.ts';

/** `scopes` is undefined for somebody who came with a password or without anything: only tokens have scopes. */
export interface Caller {
  person: Person | undefined;
  scopes: readonly string[] | undefined;
}

/** `Authorization` of the API and of git: a token in a header, or as password or user name; or a person's password. 401 when wrong. */
export function callerOf(world: World, authorization: string | undefined): Caller {
  if (authorization === undefined) return { person: undefined, scopes: undefined };
  const [scheme = '', value = ''] = authorization.split(/\s+/, 2);
  if (/^(token|bearer)$/i.test(scheme)) return byToken(world, value);
  if (/^basic$/i.test(scheme)) return byBasic(world, Buffer.from(value, 'base64').toString('utf8'));
  throw new Refusal(401, 'invalid username, password or token');
}

function byToken(world: World, secret: string): Caller {
  const token = world.tokens.get(secret);
  if (!token) throw new Refusal(401, 'invalid username, password or token');
  return { person: token.person, scopes: token.scopes };
}

function byBasic(world: World, pair: string): Caller {
  const colon = pair.indexOf(':');
  const [name, password] = [pair.slice(0, colon), pair.slice(colon + 1)];
  const account = world.accounts.get(name.toLowerCase());
  if (account?.kind === 'person' && account.password === password) return { person: account, scopes: undefined };
  return byToken(world, world.tokens.has(password) ? password : name);
}

/** A token without the scope is refused. Write includes read. */
export function demandScope(caller: Caller, scope: string): void {
  const { scopes } = caller;
  if (scopes === undefined) return;
  const [level, category] = scope.split(':', 2);
  const enough = ['all', `write:${category}`, ...(level === 'read' ? [scope] : [])];
  if (enough.some((one) => scopes.includes(one))) return;
  throw new Refusal(
    403,
    `token does not have at least one of required scope(s), required=[${scope}], token scope=${scopes.join(',')}`,
  );
}

/** The person, or 401. */
export function demandPerson(caller: Caller): Person {
  if (caller.person) return caller.person;
  throw new Refusal(401, 'token is required');
}

const ranks = { read: 1, write: 2, admin: 3 } as const;

/** What a person may do in a repository; undefined: it does not exist for them. */
export function roleIn(repository: Repository, who: Person | undefined): Role | undefined {
  const roles: Role[] = repository.private ? [] : ['read'];
  if (who) roles.push(...personalRoles(repository, who));
  return roles.reduce<Role | undefined>((best, role) => (best && ranks[best] >= ranks[role] ? best : role), undefined);
}

function personalRoles(repository: Repository, who: Person): Role[] {
  const { owner } = repository;
  if (who.siteAdmin || owner === who) return ['admin'];
  const asCollaborator = repository.collaborators.get(who);
  const inTeams =
    owner.kind === 'organisation' ? owner.teams.filter((team) => team.people.has(who)).map((team) => team.role) : [];
  return asCollaborator ? [asCollaborator, ...inTeams] : inTeams;
}

/** Whether the role includes the wanted one. */
export function includes(role: Role | undefined, wanted: Role): boolean {
  return role !== undefined && ranks[role] >= ranks[wanted];
}

/** Members see all members of their organisation, others the public ones. */
export function seesMembers(organisation: Parameters<typeof isMember>[0], who: Person): boolean {
  return who.siteAdmin || isMember(organisation, who);
}
