/**
 * The world of the contract suite, made and removed through Gitea's own API, so that it is the same on the double and on a real forge:
 * an organisation with members, people outside of it, repositories, pull requests, and a clone to push from.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { contractClone } from './contract-clone.ts';

export interface ForgeUnderTest extends AsyncDisposable {
  /** Without a slash at the end. */
  url: string;
  /** Of a site admin, scope `all`. */
  adminToken: string;
  /** All requests go through it, so that answers can be looked at. */
  fetch: typeof fetch;
}

export interface Person {
  login: string;
  id: number;
  /** Scope `all`. */
  token: string;
  password: string;
}

export type ContractWorld = Awaited<ReturnType<typeof contractWorld>>;

const Id = z.object({ id: z.number() });
const Numbered = z.object({ number: z.number() });

/** Makes the world; its disposal removes everything again, also from a forge that goes on living. */
export async function contractWorld(forge: ForgeUnderTest) {
  const api = apiOf(forge);
  // A forge may hold the remains of an older run, and other people's things.
  const prefix = `ccci-${randomBytes(4).toString('hex')}`;
  const undo: (() => Promise<unknown>)[] = [];
  await using onFailure = new AsyncDisposableStack();
  onFailure.defer(() => undoAll(undo));

  const addPerson = async (name: string): Promise<Person> => {
    const login = `${prefix}-${name}`;
    const password = `Aa1!${randomBytes(12).toString('hex')}`;
    const body = { username: login, email: `${login}@example.org`, password, must_change_password: false };
    const { id } = await api('POST', '/admin/users', { as: forge.adminToken, body }, Id);
    undo.push(() => api('DELETE', `/admin/users/${login}?purge=true`, { as: forge.adminToken }));
    return { login, id, password, token: await addToken({ login, password }, ['all']) };
  };
  const addToken = async ({ login, password }: Pick<Person, 'login' | 'password'>, scopes: string[]): Promise<string> => {
    const body = { name: randomBytes(6).toString('hex'), scopes };
    const answer = await api(
      'POST',
      `/users/${login}/tokens`,
      { basic: `${login}:${password}`, body },
      z.object({ sha1: z.string() }),
    );
    return answer.sha1;
  };

  const owner = await addPerson('owner');
  const member = await addPerson('member');
  const openMember = await addPerson('open-member');
  const bot = await addPerson('bot');
  const outsider = await addPerson('outsider');
  const organisation = `${prefix}-org`;
  await api('POST', '/orgs', { as: owner.token, body: { username: organisation } });
  undo.push(() => api('DELETE', `/orgs/${organisation}`, { as: owner.token }));
  await addTeam(api, organisation, owner, 'write', [member, openMember]);
  await addTeam(api, organisation, owner, 'read', [bot]);
  await api('PUT', `/orgs/${organisation}/public_members/${openMember.login}`, { as: openMember.token });

  const addRepository = async (name: string, options: { private?: boolean } = {}) => {
    const body = { name, private: options.private ?? false, auto_init: false, default_branch: 'main' };
    const { id } = await api('POST', `/orgs/${organisation}/repos`, { as: owner.token, body }, Id);
    const ref = { owner: organisation, name };
    undo.push(() => removeRepository(api, ref, owner));
    return { id, ref };
  };
  const addFork = async (of: RepoPlace, by: Person): Promise<RepoPlace> => {
    await api('POST', `/repos/${of.owner}/${of.name}/forks`, { as: by.token, body: {} });
    const fork = { owner: by.login, name: of.name };
    undo.push(() => removeRepository(api, fork, by));
    // A forge forks in the background.
    await eventually('the fork has its branch', async () => (await clone.remote(fork, by, 'refs/heads/main')) !== '');
    return fork;
  };

  const renameRepository = async (of: RepoPlace, name: string): Promise<RepoPlace> => {
    await api('PATCH', `/repos/${of.owner}/${of.name}`, { as: owner.token, body: { name } });
    const renamed = { owner: of.owner, name };
    undo.push(() => removeRepository(api, renamed, owner));
    return renamed;
  };

  const recipe = await addRepository('recipe');
  const clone = onFailure.use(await contractClone(forge.url));
  await clone.commit('main', 'the first commit');
  await clone.push(recipe.ref, owner, 'main');

  const openPull = async (opening: { head: string; by?: Person; base?: string; to?: RepoPlace }) => {
    const { head, by = member, base = 'main', to = recipe.ref } = opening;
    const body = { title: head, head, base };
    const { number } = await api('POST', `/repos/${to.owner}/${to.name}/pulls`, { as: by.token, body }, Numbered);
    return number;
  };

  const cleanUp = onFailure.move();
  return {
    ...{ forge, api, organisation, owner, member, openMember, bot, outsider, recipe, clone },
    ...{ addToken, addRepository, renameRepository, addFork, openPull },
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}

interface RepoPlace {
  owner: string;
  name: string;
}

interface Asking {
  as?: string;
  basic?: string;
  body?: object;
}

type Api = ReturnType<typeof apiOf>;

/** Calls a route and demands 2xx; with a schema the parsed answer. */
function apiOf(forge: ForgeUnderTest) {
  return async <T = unknown>(method: string, path: string, { as, basic, body }: Asking, schema?: z.ZodType<T>): Promise<T> => {
    const authorization = basic === undefined ? `token ${as}` : `Basic ${Buffer.from(basic).toString('base64')}`;
    const response = await forge.fetch(`${forge.url}/api/v1${path}`, {
      method,
      headers: { authorization, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (schema ?? z.any()).parse(text === '' ? undefined : JSON.parse(text));
  };
}

async function addTeam(api: Api, organisation: string, owner: Person, permission: string, people: Person[]): Promise<void> {
  const units = ['repo.code', 'repo.issues', 'repo.pulls'];
  const body = { name: permission, permission, includes_all_repositories: true, units };
  const { id } = await api('POST', `/orgs/${organisation}/teams`, { as: owner.token, body }, Id);
  for (const person of people) await api('PUT', `/teams/${id}/members/${person.login}`, { as: owner.token });
}

/** Some tests rename or delete theirs. */
async function removeRepository(api: Api, { owner, name }: RepoPlace, by: Person): Promise<void> {
  await api('DELETE', `/repos/${owner}/${name}`, { as: by.token }).catch((error: Error) => {
    if (!error.message.includes(': 404') && !error.message.includes(': 301')) throw error;
  });
}

/** Last made, first removed; one failure does not keep the rest. */
async function undoAll(undo: (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of undo.reverse()) await step().catch((error) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, `The forge was not cleaned up: ${failures.join('; ')}`);
}

/** Far longer than a forge takes in the background: only what never comes waits for it. */
const PATIENCE_MS = 60_000;
/** Between two looks; a forge over a network is not asked more often than a browser would. */
const LOOK_MS = 50;

/** Tries until it holds. */
export async function eventually(what: string, look: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error(`Not within ${PATIENCE_MS / 1000} s: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
