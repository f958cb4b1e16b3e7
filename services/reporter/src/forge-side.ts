import { ForgeNotFound, ForgeRefused } from '@cc-ci/forge/errors';
import type { ForgeWriter } from '@cc-ci/forge/forge';
import type { CommitStatus, RepoRef } from '@cc-ci/forge/schema';
import type { Subject } from '@cc-ci/shared/contract/ids';
import { Marker } from '@cc-ci/shared/contract/report';
import type { Log } from '@cc-ci/shared/service/log';
import type { Action, Desired, Observed } from './plan.ts';
import { STATUS_CONTEXT } from './render/status.ts';
import { asText, type Memory, type Said, statusAsText } from './said.ts';

/** One pull request on the forge, seen and written to by our account. */
export interface Page {
  readonly subject: Subject;
  readonly repo: RepoRef;
  readonly number: number;
}

/** What is there of ours. Looks only at what memory does not know to be settled. */
export type Observe = (page: Page, desired: Desired) => Promise<Observed>;

/** Does one action. @returns false when somebody was faster, and the page has to be looked at again */
export type Apply = (page: Page, action: Action) => Promise<boolean>;

/** The only holder of the right to write. */
export function openForgeSide(forge: ForgeWriter, memory: Memory, log: Log): { observe: Observe; apply: Apply } {
  const ourId = onceKnown(async () => (await forge.me()).id);

  const observe: Observe = async (page, desired) => {
    const id = await ourId();
    const ours = (await forge.comments(page.repo, page.number)).filter(({ author }) => author.id === id);
    const marked = ours.flatMap((comment) => withMarker(comment));
    const said = await memory.read(page.subject);
    const fresh = marked.filter((comment) => !said.comments.get(comment.marker)?.has(comment.id));
    await memory.sawComments(page.subject, fresh);
    return {
      comments: marked,
      everSeen: countSeen(said, fresh),
      reactions: await observeReactions(page, desired, said, id),
      statuses: await observeStatuses(page, desired, said),
    };
  };

  const observeReactions = async (page: Page, desired: Desired, said: Said, id: number): Promise<Observed['reactions']> => {
    const open = [...desired.reactions].filter(([comment, wanted]) => (said.reactions.get(comment) ?? '') !== asText(wanted));
    const seen = new Map<number, string[]>();
    for (const [comment, wanted] of open) {
      const there = await allowed(page, () => forge.reactions(page.repo, comment));
      if (there)
        seen.set(
          comment,
          there.filter(({ user }) => user.id === id).map(({ content }) => content),
        );
      // A comment that is gone, or may not be reacted to, is settled too.
      else await memory.settledReactions(page.subject, comment, wanted);
    }
    return seen;
  };

  const observeStatuses = async (page: Page, desired: Desired, said: Said): Promise<Observed['statuses']> => {
    const open = [...desired.statuses].filter(([sha, wanted]) => said.statuses.get(sha) !== statusAsText(wanted));
    const seen = new Map<string, CommitStatus | null>();
    if (open.length === 0) return seen;
    const may = await allowed(page, () => forge.canPush(page.repo));
    for (const [sha, wanted] of open) {
      const rows = may ? await allowed(page, () => forge.statuses(page.repo, sha)) : undefined;
      if (rows) seen.set(sha, rows.find(({ context }) => context === STATUS_CONTEXT) ?? null);
      else await memory.settledStatus(page.subject, sha, wanted);
    }
    return seen;
  };

  const apply: Apply = async (page, action) => {
    const { repo, number, subject } = page;
    switch (action.do) {
      case 'create': {
        const { id } = await forge.createComment(repo, number, action.body);
        await memory.sawComments(subject, [{ marker: action.marker, id }]);
        // Another reporter may have done the same at the same time.
        return false;
      }
      case 'edit':
        return wasThere(() => forge.editComment(repo, action.id, action.body));
      case 'delete':
        await forge.deleteComment(repo, action.id);
        await memory.forgetComment(subject, action.marker, action.id);
        return true;
      case 'react':
        await allowed(page, () => forge.addReaction(repo, action.commentId, action.content));
        return true;
      case 'unreact':
        await allowed(page, () => forge.removeReaction(repo, action.commentId, action.content));
        return true;
      case 'status':
        await allowed(page, () => forge.createStatus(repo, action.sha, { ...action.status, context: STATUS_CONTEXT }));
        return true;
    }
  };

  /** Reactions and statuses are extras: where they are not allowed, the comments carry the result alone. */
  const allowed = async <T>(page: Page, ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask();
    } catch (error) {
      const isNo = error instanceof ForgeNotFound || (error instanceof ForgeRefused && error.because !== 'token');
      if (!isNo) throw error;
      log.info({ subject: page.subject, reason: error.message }, 'The forge does not take a reaction or a status here.');
      return undefined;
    }
  };

  return { observe, apply };
}

async function wasThere(edit: () => Promise<unknown>): Promise<boolean> {
  try {
    await edit();
    return true;
  } catch (error) {
    if (error instanceof ForgeNotFound) return false;
    throw error;
  }
}

function withMarker({ id, body }: { id: number; body: string }): { id: number; body: string; marker: Marker }[] {
  const marker = Marker.safeParse(body.split(/\r?\n/, 1)[0]?.trim());
  return marker.success ? [{ id, body, marker: marker.data }] : [];
}

function countSeen(said: Said, fresh: readonly { marker: Marker }[]): Map<Marker, number> {
  const counts = new Map([...said.comments].map(([marker, ids]) => [marker, ids.size]));
  for (const { marker } of fresh) counts.set(marker, (counts.get(marker) ?? 0) + 1);
  return counts;
}

/** Asks until there is an answer, then never again: an account keeps its id. */
function onceKnown<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    known ??= ask().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
