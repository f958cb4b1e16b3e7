import { createHmac } from 'node:crypto';
import type { Hook, HookState } from '@cc-ci/forge/schema';

/** One change of a repository's hooks. */
export type HookCall =
  | { readonly do: 'create'; readonly state: HookState }
  | { readonly do: 'edit'; readonly id: number; readonly state: HookState }
  | { readonly do: 'delete'; readonly id: number };

/** What cc-ci listens to: the two kinds of comments. */
const EVENTS: readonly string[] = ['issue_comment', 'pull_request_comment'];
/** Digits that tell one secret from another, and nothing about either. */
const KEY_DIGITS = 8;

/**
 * The hook that each recipe should have. The forge never shows a secret and never changes one: which secret a hook was made with is
 * told by a mark of it in the hook's address.
 * @param url where the trigger's webhooks arrive
 */
export function desiredHook(url: string, secret: string): HookState {
  const marked = new URL(url);
  marked.searchParams.set('k', createHmac('sha256', secret).update('cc-ci hook').digest('hex').slice(0, KEY_DIGITS));
  return { url: marked.href, events: EVENTS, active: true };
}

/** Whether a hook leads to us: the same place, whatever the mark. Every other one is somebody else's. */
export function leadsTo(url: string): (hook: Pick<Hook, 'url'>) => boolean {
  const place = placeOf(url);
  return (hook) => placeOf(hook.url) === place;
}

/**
 * What brings a repository's hooks into order: one of ours, as it should be, with the present secret. New ones come before old ones go,
 * so that no comment falls between. Nothing is left to do after it.
 * @param isOurs which hooks may be touched at all
 */
export function plan(desired: HookState, observed: readonly Hook[], isOurs: (hook: Hook) => boolean): HookCall[] {
  const ours = observed.filter(isOurs).toSorted((a, b) => a.id - b.id);
  const kept = ours.find((hook) => hook.url === desired.url);
  const calls: HookCall[] = [];
  if (!kept) calls.push({ do: 'create', state: desired });
  else if (!isAsDesired(kept, desired)) calls.push({ do: 'edit', id: kept.id, state: desired });
  return [...calls, ...ours.filter((hook) => hook !== kept).map(({ id }) => ({ do: 'delete', id }) as const)];
}

/** The forge lists events in any order. */
function isAsDesired(hook: Hook, { events, active }: HookState): boolean {
  const same = hook.events.length === events.length && events.every((event) => hook.events.includes(event));
  return same && hook.active === active && hook.contentType === 'json';
}

function placeOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}
