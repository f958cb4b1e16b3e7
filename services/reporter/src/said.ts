import type { Subject } from '@cc-ci/shared/contract/ids';
import { Marker } from '@cc-ci/shared/contract/report';
import { keysOf } from '@cc-ci/shared/runs/keys';
import type { RedisConnection } from '@cc-ci/shared/service/redis';
import { z } from 'zod';
import type { ReactionName, WantedStatus } from './plan.ts';

/**
 * What the reporter remembers of what it said on one page. Never the truth, which is on the forge: it tells a comment that
 * a person deleted from one that was never written, and saves looking at what was settled long ago.
 */
export interface Said {
  readonly comments: ReadonlyMap<Marker, ReadonlySet<number>>;
  /** By comment: the reactions that were last brought about, as `asText` writes them. */
  readonly reactions: ReadonlyMap<number, string>;
  /** By commit: the status that was last brought about. */
  readonly statuses: ReadonlyMap<string, string>;
}

/** The memory of all pages. */
export interface Memory {
  read(subject: Subject): Promise<Said>;
  sawComments(subject: Subject, comments: readonly { marker: Marker; id: number }[]): Promise<void>;
  /** We deleted it ourselves: that is no person's word. */
  forgetComment(subject: Subject, marker: Marker, id: number): Promise<void>;
  settledReactions(subject: Subject, commentId: number, contents: readonly ReactionName[]): Promise<void>;
  settledStatus(subject: Subject, sha: string, status: WantedStatus): Promise<void>;
}

/** @param keepMs how long a page is remembered after something was last said there */
export function openMemory({ client }: RedisConnection, instance: string, keepMs: number): Memory {
  const keys = keysOf(instance);

  const write = async (subject: Subject, field: string, value: string): Promise<void> => {
    await client.multi().hset(keys.said(subject), field, value).pexpire(keys.said(subject), keepMs).exec();
  };

  return {
    read: async (subject) => parse(await client.hgetall(keys.said(subject))),
    async sawComments(subject, comments) {
      for (const { marker, id } of comments) await write(subject, `comment ${id} ${marker}`, '');
    },
    async forgetComment(subject, marker, id) {
      await client.hdel(keys.said(subject), `comment ${id} ${marker}`);
    },
    settledReactions: (subject, commentId, contents) => write(subject, `reactions ${commentId}`, asText(contents)),
    settledStatus: (subject, sha, status) => write(subject, `status ${sha}`, statusAsText(status)),
  };
}

/** Reactions as they are remembered. */
export function asText(contents: readonly ReactionName[]): string {
  return contents.toSorted().join(' ');
}

/** A status as it is remembered. */
export function statusAsText({ state, description, targetUrl }: WantedStatus): string {
  return JSON.stringify([state, description, targetUrl]);
}

function parse(fields: Record<string, string>): Said {
  const comments = new Map<Marker, Set<number>>();
  const reactions = new Map<number, string>();
  const statuses = new Map<string, string>();
  for (const [field, value] of Object.entries(fields)) {
    const [kind, id = '', ...rest] = field.split(' ');
    if (kind === 'comment') {
      const marker = Marker.parse(rest.join(' '));
      comments.set(marker, (comments.get(marker) ?? new Set()).add(Id.parse(id)));
    }
    if (kind === 'reactions') reactions.set(Id.parse(id), value);
    if (kind === 'status') statuses.set(id, value);
  }
  return { comments, reactions, statuses };
}

const Id = z.coerce.number().int();
