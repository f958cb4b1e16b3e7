/** Repositories: to create, fork, find, rename and delete them. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { includes, roleIn } from './access.ts';
import { createBare } from './git.ts';
import { notFound, Refusal, Renamed } from './refusal.ts';
import type { Account, Person, Repository, Role, World } from './world.ts';

const address = (owner: string, name: string) => `${owner}/${name}`.toLowerCase();
export const fullName = (repository: Repository) => `${repository.owner.login}/${repository.name}`;

/** A new repository, empty unless a fork. 409 when the name is taken. */
export async function addRepository(
  world: World,
  owner: Account,
  name: string,
  options: { private?: boolean; parent?: Repository } = {},
): Promise<Repository> {
  if (!/^[A-Za-z0-9._-]+$/.test(name)) throw new Refusal(422, 'name is invalid');
  if (findRepository(world, owner.login, name)) throw new Refusal(409, 'The repository with the same name already exists.');
  const id = world.nextId('repository');
  const { parent } = options;
  const created: Repository = {
    id,
    owner,
    name,
    private: options.private ?? parent?.private ?? false,
    archived: false,
    empty: parent?.empty ?? true,
    defaultBranch: parent?.defaultBranch ?? 'main',
    parent,
    collaborators: new Map(),
    folder: join(world.folder, `${id}.git`),
    createdAt: world.now(),
    updatedAt: world.now(),
    issues: [],
    statuses: [],
    hooks: [],
    refsSettled: Promise.resolve(),
  };
  await createBare(created.folder, created.defaultBranch, parent?.folder);
  world.repositories.set(id, created);
  world.formerAddresses.delete(address(owner.login, name));
  world.events.emit('change');
  return created;
}

export function findRepository(world: World, owner: string, name: string): Repository | undefined {
  const wanted = address(owner, name);
  return [...world.repositories.values()].find((one) => address(one.owner.login, one.name) === wanted);
}

/** The repository for somebody who may at least read it: else 404, whether it exists or not; 301 under a former name. */
export function visibleRepository(world: World, owner: string, name: string, who: Person | undefined): Repository {
  const found = findRepository(world, owner, name);
  if (found && roleIn(found, who)) return found;
  const former = found ? undefined : world.formerAddresses.get(address(owner, name));
  if (former && roleIn(former, who)) throw new Renamed(former.owner.login, former.name);
  throw notFound();
}

/** 403 when the person's role does not include the wanted one. */
export function demandRole(repository: Repository, who: Person | undefined, wanted: Role): void {
  if (includes(roleIn(repository, who), wanted)) return;
  throw new Refusal(403, `user should have ${wanted} permission to the repository`);
}

/** 423 when it is archived. */
export function demandAlive(repository: Repository): void {
  if (repository.archived) throw new Refusal(423, `The repository ${fullName(repository)} is archived`);
}

/** Its old address answers 301 from now on, until somebody takes it. */
export function renameRepository(world: World, repository: Repository, name: string): void {
  if (name.toLowerCase() === repository.name.toLowerCase()) return;
  if (findRepository(world, repository.owner.login, name))
    throw new Refusal(422, 'The repository with the same name already exists.');
  world.formerAddresses.set(address(repository.owner.login, repository.name), repository);
  repository.name = name;
  world.events.emit('change');
}

/** With its git repository. Pull requests from it stay where they were opened. */
export async function deleteRepository(world: World, repository: Repository): Promise<void> {
  world.repositories.delete(repository.id);
  for (const [was, now] of world.formerAddresses) if (now === repository) world.formerAddresses.delete(was);
  await repository.refsSettled;
  await rm(repository.folder, { recursive: true, force: true });
  world.events.emit('change');
}
