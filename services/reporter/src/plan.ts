import type { Marker } from '@cc-ci/shared/contract/report';
import type { StatusText } from './render/status.ts';

/** The reactions that cc-ci gives. Others on the same comment are not its own. */
export const reactionNames = ['eyes', '+1', '-1', 'confused'] as const;
export type ReactionName = (typeof reactionNames)[number];

export type WantedStatus = StatusText & { readonly targetUrl: string };

/** The forge knows more states than we use. */
type SeenStatus = Omit<WantedStatus, 'state'> & { readonly state: string };

/** What one pull request should look like, as far as it is ours to say. */
export interface Desired {
  readonly comments: readonly { readonly marker: Marker; readonly body: string }[];
  /** Comments that have served their purpose. */
  readonly absent: readonly Marker[];
  /** By the id of the comment that they are on. */
  readonly reactions: ReadonlyMap<number, readonly ReactionName[]>;
  /** By commit. */
  readonly statuses: ReadonlyMap<string, WantedStatus>;
}

/** What it looks like. Reactions and statuses that were not looked at are as they should be. */
export interface Observed {
  /** Written by our own account: anybody can type a marker. */
  readonly comments: readonly { readonly id: number; readonly body: string }[];
  /** How many comments were ever seen under a marker. */
  readonly everSeen: ReadonlyMap<Marker, number>;
  readonly reactions: ReadonlyMap<number, readonly string[]>;
  /** Null: the commit has none of ours. */
  readonly statuses: ReadonlyMap<string, SeenStatus | null>;
}

export type Action =
  | { readonly do: 'create'; readonly marker: Marker; readonly body: string }
  | { readonly do: 'edit'; readonly id: number; readonly body: string }
  | { readonly do: 'delete'; readonly id: number; readonly marker: Marker }
  | { readonly do: 'react' | 'unreact'; readonly commentId: number; readonly content: ReactionName }
  | { readonly do: 'status'; readonly sha: string; readonly status: WantedStatus };

/** A person who deletes our comment is contradicted once: it may have been a slip. After that the comment stays away. */
const MOST_COMMENTS_EVER = 2;

/** What has to be done, in this order: nothing is taken away before what replaces it is there. */
export function plan(desired: Desired, observed: Observed): Action[] {
  const found = desired.comments.map(({ marker, body }) => ({ marker, body, ours: under(marker, observed) }));
  return [
    ...found.flatMap(({ marker, body, ours }) => bring(marker, body, ours[0], observed)),
    ...found.flatMap(({ marker, ours }) => ours.slice(1).map((comment) => remove(marker, comment.id))),
    ...desired.absent.flatMap((marker) => under(marker, observed).map((comment) => remove(marker, comment.id))),
    ...[...observed.reactions].flatMap(([id, there]) => react(id, desired.reactions.get(id) ?? [], there)),
    ...[...observed.statuses].flatMap(([sha, there]) => post(sha, desired.statuses.get(sha), there)),
  ];
}

/** The comments that carry a marker, the first one first. */
function under(marker: Marker, { comments }: Observed): Observed['comments'] {
  return comments.filter(({ body }) => body.startsWith(marker)).toSorted((a, b) => a.id - b.id);
}

function bring(marker: Marker, body: string, ours: Observed['comments'][number] | undefined, { everSeen }: Observed): Action[] {
  if (ours) return sameText(ours.body, body) ? [] : [{ do: 'edit', id: ours.id, body }];
  return (everSeen.get(marker) ?? 0) < MOST_COMMENTS_EVER ? [{ do: 'create', marker, body }] : [];
}

function remove(marker: Marker, id: number): Action {
  return { do: 'delete', id, marker };
}

function react(commentId: number, wanted: readonly ReactionName[], there: readonly string[]): Action[] {
  const missing = wanted.filter((content) => !there.includes(content));
  const stale = reactionNames.filter((content) => there.includes(content) && !wanted.includes(content));
  return [
    ...missing.map((content) => ({ do: 'react' as const, commentId, content })),
    ...stale.map((content) => ({ do: 'unreact' as const, commentId, content })),
  ];
}

/** A status can only be added, so the same one is not posted again. */
function post(sha: string, wanted: WantedStatus | undefined, there: SeenStatus | null): Action[] {
  if (!wanted || (there && sameStatus(wanted, there))) return [];
  return [{ do: 'status', sha, status: wanted }];
}

function sameStatus(a: SeenStatus, b: SeenStatus): boolean {
  return a.state === b.state && a.description === b.description && a.targetUrl === b.targetUrl;
}

/** Forges differ in line ends and trailing space. */
function sameText(a: string, b: string): boolean {
  const plain = (text: string): string => text.replaceAll('\r\n', '\n').trim();
  return plain(a) === plain(b);
}
