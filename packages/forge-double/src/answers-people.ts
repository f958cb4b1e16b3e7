/** Accounts as Gitea's API shows them: plain data with the names and nulls of its description. */
import type { Organisation, Person, Repository, Team } from './world.ts';

/** For whom an answer is made: rights differ by person, and links follow the address that was called. */
export interface Viewer {
  person: Person | undefined;
  /** Such as `http://127.0.0.1:3000`. */
  origin: string;
}

/** RFC 3339 in the zone where this forge stands, as a server answers in its own. */
export function timeText(time: Date): string {
  const offsetHours = 2;
  return `${new Date(time.getTime() + offsetHours * 3_600_000).toISOString().slice(0, 19)}+02:00`;
}

/** Rights and activity are zero values for everybody but the person: `active: false` says nothing. */
export function userAnswer(person: Person, { origin, person: viewer }: Viewer) {
  if (person.deleted) return ghost;
  const open = viewer === person || viewer?.siteAdmin === true;
  return {
    id: person.id,
    login: person.login,
    username: person.login,
    login_name: '',
    source_id: 0,
    full_name: '',
    email: `${person.login}@noreply.localhost`,
    avatar_url: '',
    html_url: `${origin}/${person.login}`,
    language: '',
    is_admin: open && person.siteAdmin,
    last_login: '0001-01-01T00:00:00Z',
    created: timeText(person.createdAt),
    restricted: false,
    active: open,
    prohibit_login: false,
    location: '',
    website: '',
    description: '',
    visibility: 'public',
    followers_count: 0,
    following_count: 0,
    starred_repos_count: 0,
  };
}

const ghost = {
  id: -1,
  login: 'Ghost',
  username: 'Ghost',
  full_name: '',
  email: '',
  avatar_url: '',
  html_url: '',
  active: false,
};

export function ownerAnswer(owner: Repository['owner'], viewer: Viewer) {
  if (owner.kind === 'person') return userAnswer(owner, viewer);
  const { id, login } = owner;
  return {
    id,
    login,
    username: login,
    full_name: '',
    email: '',
    avatar_url: '',
    html_url: `${viewer.origin}/${login}`,
    active: false,
  };
}

export function organisationAnswer({ id, login }: Organisation) {
  return {
    id,
    name: login,
    username: login,
    full_name: '',
    email: '',
    description: '',
    website: '',
    location: '',
    visibility: 'public',
  };
}

export function teamAnswer({ id, name, role }: Team) {
  return { id, name, description: '', permission: role, includes_all_repositories: true, can_create_org_repo: role === 'admin' };
}
