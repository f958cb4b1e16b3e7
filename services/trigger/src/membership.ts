import type { ForgeReader } from '@cc-ci/forge/forge';
import type { RepoRef } from '@cc-ci/shared/contract/ids';

/** Whether somebody may start runs. `public-only`: the forge shows us public memberships only, so a no may be a yes. */
export type Standing = { readonly may: true } | { readonly may: false; readonly visibility: 'all' | 'public-only' };

/**
 * Members of the organisation, and those on the allow-list. In a person's own repository: that person and the collaborators.
 * A collaborator of an organisation's repository is not its member. Throws a ForgeError when the forge says neither yes nor no.
 */
export async function standingOf(
  forge: Pick<ForgeReader, 'membership' | 'isCollaborator' | 'ownerKind'>,
  allowed: readonly string[],
  repo: RepoRef,
  login: string,
): Promise<Standing> {
  if (allowed.some((name) => sameLogin(name, login)) || sameLogin(repo.owner, login)) return { may: true };
  const membership = await forge.membership(repo.owner, login);
  if (membership === 'member') return { may: true };
  if (membership === 'only-public-visible') return { may: false, visibility: 'public-only' };
  if ((await forge.ownerKind(repo.owner)) === 'organisation') return { may: false, visibility: 'all' };
  return (await forge.isCollaborator(repo, login)) ? { may: true } : { may: false, visibility: 'all' };
}

/** Logins are unique without regard to case. */
export function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
