import type { Settings } from '@cc-ci/shared/contract/settings';

/** Whether a repository of an enrolled owner is one whose pull requests are tested. Names are compared without case, as forges do. */
export function isEnrolled(enrol: Settings['enrol'], repository: { readonly owner: string; readonly name: string }): boolean {
  const full = `${repository.owner}/${repository.name}`.toLowerCase();
  const lists = (names: readonly string[]): boolean => names.some((name) => name.toLowerCase() === full);
  const isOwned = enrol.owners.some((owner) => owner.toLowerCase() === repository.owner.toLowerCase());
  return isOwned && !lists(enrol.exclude) && (enrol.include.length === 0 || lists(enrol.include));
}
