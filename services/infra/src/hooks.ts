import { ForgeNotFound, ForgeRefused } from '@cc-ci/forge/errors';
import type { ForgeHooks } from '@cc-ci/forge/forge';
import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import type { RepoRef } from '@cc-ci/shared/contract/ids';
import { counted } from '@cc-ci/shared/service/counted';
import type { Log } from '@cc-ci/shared/service/log';
import { desiredHook, type HookCall, leadsTo, plan } from './hooks-plan.ts';

export interface HookParts {
  readonly enrolled: () => Promise<readonly Enrolled[]>;
  readonly forge: ForgeHooks;
  /** Where the trigger's webhooks arrive, as the forge reaches it. */
  readonly url: string;
  /** The present one first. */
  readonly secrets: () => Promise<readonly string[]>;
  readonly log: Log;
}

/**
 * Gives each recipe its hook, and takes back what was ours and is not needed. May be repeated, and broken off anywhere. Where the account may
 * not do it, that is said once; polls see the comments all the same. Throws when the forge did not answer for some.
 */
export function openHooks({ enrolled, forge, url, secrets, log }: HookParts): () => Promise<void> {
  const told = new Set<number>();

  const reconcile = async (repo: RepoRef, secret: string): Promise<void> => {
    const calls = plan(desiredHook(url, secret), await forge.hooks(repo), leadsTo(url));
    for (const call of calls) {
      await carryOut(repo, call, secret);
      log.info({ repo: repo.name, did: call.do }, 'A webhook was brought into order.');
    }
    told.delete(repo.id);
  };

  const carryOut = async (repo: RepoRef, call: HookCall, secret: string): Promise<void> => {
    if (call.do === 'create') await forge.createHook(repo, call.state, secret);
    if (call.do === 'edit') await forge.editHook(repo, call.id, call.state);
    if (call.do === 'delete') await forge.deleteHook(repo, call.id);
  };

  const sayRefused = (repo: RepoRef, err: unknown): void => {
    if (!told.has(repo.id))
      log.warn(
        { repo: `${repo.owner}/${repo.name}`, err },
        'The webhook of this recipe cannot be kept in order. Its comments are found by polls; docs/enroll.md says how to add the hook by hand.',
      );
    told.add(repo.id);
  };

  return async () => {
    const [secret] = await secrets();
    if (secret === undefined) return;
    const failures: unknown[] = [];
    for (const { repo } of await enrolled()) {
      await reconcile(repo, secret).catch((error: unknown) => {
        if (error instanceof ForgeRefused || error instanceof ForgeNotFound) sayRefused(repo, error);
        else failures.push(error);
      });
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `The hooks of ${counted(failures.length, 'recipes')} could not be brought into order`);
  };
}
