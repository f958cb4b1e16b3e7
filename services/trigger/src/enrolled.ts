import type { ForgeReader } from '@cc-ci/forge/forge';
import { Enrolled } from '@cc-ci/shared/contract/enrolled';
import type { Settings } from '@cc-ci/shared/contract/settings';
import { isEnrolled } from './enrolment.ts';

/**
 * The recipes that are watched, as the forge shows them now. Archived and empty repositories have nothing to test.
 * Throws a ForgeError when the list of one owner cannot be read: half a list would look like recipes that are gone.
 * @param now Unix milliseconds
 */
export async function listEnrolled(
  forge: Pick<ForgeReader, 'repositories'>,
  enrol: Settings['enrol'],
  now: number,
): Promise<Enrolled[]> {
  const found = await Promise.all(enrol.owners.map((owner) => forge.repositories(owner)));
  const live = found.flat().filter((each) => !each.archived && !each.empty && isEnrolled(enrol, each));
  return live.map(({ id, owner, name, cloneUrl, defaultBranch, private: isPrivate }) =>
    Enrolled.parse({ v: 1, repo: { id, owner, name }, cloneUrl, defaultBranch, private: isPrivate, seenAt: now }),
  );
}
