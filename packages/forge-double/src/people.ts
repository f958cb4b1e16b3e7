/** Accounts, teams and tokens. */
import { randomBytes } from 'node:crypto';
import { notFound, Refusal } from './refusal.ts';
import type { Account, Organisation, Person, Role, Team, Token, World } from './world.ts';

/** Creates a person. 422 when the name is taken. */
export function addPerson(world: World, login: string, options: { password?: string; siteAdmin?: boolean } = {}): Person {
  const { password = randomBytes(12).toString('hex'), siteAdmin = false } = options;
  const person: Person = {
    kind: 'person',
    id: world.nextId('account'),
    login,
    password,
    siteAdmin,
    createdAt: world.now(),
    deleted: false,
  };
  return addAccount(world, person);
}

/** Creates an organisation with its owner, who is a private member like everybody at first. */
export function addOrganisation(world: World, login: string, owner: Person): Organisation {
  const owners: Team = { id: world.nextId('team'), name: 'Owners', role: 'admin', people: new Set([owner]) };
  return addAccount(world, {
    kind: 'organisation',
    id: world.nextId('account'),
    login,
    createdAt: world.now(),
    teams: [owners],
    openly: new Set(),
  });
}

function addAccount<A extends Account>(world: World, account: A): A {
  const key = account.login.toLowerCase();
  if (!/^[a-z0-9._-]+$/.test(key)) throw new Refusal(422, 'name is invalid');
  if (world.accounts.has(key)) throw new Refusal(422, `user already exists [name: ${account.login}]`);
  world.accounts.set(key, account);
  world.events.emit('change');
  return account;
}

/** Creates a team whose people have one role on every repository of the organisation. */
export function addTeam(world: World, organisation: Organisation, name: string, role: Role): Team {
  const team: Team = { id: world.nextId('team'), name, role, people: new Set() };
  organisation.teams.push(team);
  return team;
}

export function findPerson(world: World, login: string): Person | undefined {
  const account = world.accounts.get(login.toLowerCase());
  return account?.kind === 'person' ? account : undefined;
}

/** 404 when there is none. */
export function person(world: World, login: string): Person {
  const found = findPerson(world, login);
  if (!found) throw notFound();
  return found;
}

/** 404 when there is none. */
export function organisation(world: World, login: string): Organisation {
  const account = world.accounts.get(login.toLowerCase());
  if (account?.kind !== 'organisation') throw notFound();
  return account;
}

export function isMember(of: Organisation, who: Person): boolean {
  return of.teams.some((team) => team.people.has(who));
}

/** Takes the account away; what it wrote stays, by Ghost. */
export function deletePerson(world: World, who: Person): void {
  who.deleted = true;
  world.accounts.delete(who.login.toLowerCase());
  for (const [secret, token] of world.tokens) if (token.person === who) world.tokens.delete(secret);
  for (const account of world.accounts.values()) if (account.kind === 'organisation') leave(account, who);
  world.events.emit('change');
}

function leave(from: Organisation, who: Person): void {
  for (const team of from.teams) team.people.delete(who);
  from.openly.delete(who);
}

/** A new token of a person, with its secret. */
export function issueToken(world: World, who: Person, name: string, scopes: readonly string[]): Token {
  const token = { id: world.nextId('token'), name, secret: randomBytes(20).toString('hex'), person: who, scopes };
  world.tokens.set(token.secret, token);
  return token;
}
