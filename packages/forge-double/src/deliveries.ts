/** What a forge tells those whom its hooks name: once for each event, and never again by itself. */
import { createHmac, randomUUID } from 'node:crypto';
import { repositoryAnswer } from './answers-code.ts';
import { commentAnswer, issueAnswer, pullAnswer } from './answers-issues.ts';
import { userAnswer, type Viewer } from './answers-people.ts';
import { isPull } from './issues.ts';
import type { CommentMoved, Delivery, Hook, World } from './world.ts';

export interface Deliveries {
  /** Every attempt to deliver, oldest first. */
  deliveries(): readonly Delivery[];
  /** As the button on a hook's page does: the same bytes again, under another id. */
  redeliver(id: string): Promise<Delivery>;
  /** Waits until nothing is on its way. */
  delivered(): Promise<void>;
  /** What is on its way is broken off, and nothing is delivered any more. */
  stopDelivering(): Promise<void>;
}

/** The whole exchange has to be done within this, as on Gitea. */
const DELIVER_WITHIN_MS = 5_000;

/** Delivers what happens to comments from now on. */
export function deliverHooks(world: World, origin: string): Deliveries {
  const stop = new AbortController();
  const under = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    const tracked = work.finally(() => under.delete(tracked));
    under.add(tracked);
    return tracked;
  };
  const onComment = (moved: CommentMoved): void => void track(deliverAll(world, moved, origin, stop.signal));
  world.events.on('comment', onComment);

  const delivered = async (): Promise<void> => {
    while (under.size > 0) await Promise.allSettled(under);
  };
  return {
    deliveries: () => world.deliveries,
    redeliver: (id) => {
      const before = world.deliveries.find((one) => one.id === id);
      if (!before) throw new Error(`Nothing was delivered as ${id}.`);
      return track(deliver(world, before, stop.signal));
    },
    delivered,
    async stopDelivering() {
      world.events.off('comment', onComment);
      stop.abort();
      await delivered();
    },
  };
}

async function deliverAll(world: World, moved: CommentMoved, origin: string, signal: AbortSignal): Promise<void> {
  const { issue } = moved.comment;
  const event = isPull(issue) ? 'pull_request_comment' : 'issue_comment';
  const hooks = issue.repository.hooks.filter((hook) => hook.active && hook.events.includes(event));
  if (hooks.length === 0) return;
  // Indented as Gitea does: whoever parses and writes it again has other bytes than those that were signed.
  const payload = JSON.stringify(await payloadOf(world, moved, { person: moved.by, origin }), undefined, 2);
  const copies = Array.from({ length: world.faults.copiesDelivered }, () => hooks).flat();
  await Promise.all(copies.map((hook) => deliver(world, { hook, event, payload }, signal)));
}

async function payloadOf(world: World, { action, comment, by, from }: CommentMoved, viewer: Viewer) {
  const { issue } = comment;
  return {
    action,
    issue: issueAnswer(issue, viewer),
    ...(isPull(issue) ? { pull_request: await pullAnswer(world, issue, viewer) } : {}),
    comment: commentAnswer(comment, viewer),
    ...(from === undefined ? {} : { changes: { body: { from }, added_labels: null, removed_labels: null } }),
    repository: repositoryAnswer(issue.repository, viewer),
    sender: userAnswer(by, viewer),
    is_pull: isPull(issue),
  };
}

async function deliver(
  world: World,
  { hook, event, payload }: Pick<Delivery, 'hook' | 'event' | 'payload'>,
  signal: AbortSignal,
): Promise<Delivery> {
  const delivery: Delivery = { id: randomUUID(), hook, event, payload, status: undefined };
  world.deliveries.push(delivery);
  const isForm = hook.contentType === 'form';
  // What goes wrong is nobody's error: it is remembered as an attempt without an answer.
  const response = await fetch(hook.url, {
    method: 'POST',
    headers: headersOf(delivery),
    body: isForm ? new URLSearchParams({ payload }).toString() : payload,
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(DELIVER_WITHIN_MS)]),
  }).catch(() => undefined);
  await response?.body?.cancel().catch(() => undefined);
  delivery.status = response?.status;
  world.events.emit('change');
  return delivery;
}

/** Under the names of all receivers that it is compatible with. The event is coarser than its type. */
function headersOf({ id, hook, event, payload }: Delivery): Record<string, string> {
  const [sha1, sha256] = [signed('sha1', hook, payload), signed('sha256', hook, payload)];
  const named = (family: string): Record<string, string> => ({
    [`X-${family}-Delivery`]: id,
    [`X-${family}-Event`]: 'issue_comment',
    [`X-${family}-Event-Type`]: event,
  });
  return {
    'Content-Type': hook.contentType === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
    'User-Agent': 'Go-http-client/1.1',
    ...named('Gitea'),
    ...named('Gogs'),
    ...named('GitHub'),
    'X-Gitea-Signature': sha256,
    'X-Gogs-Signature': sha256,
    'X-Hub-Signature': `sha1=${sha1}`,
    'X-Hub-Signature-256': `sha256=${sha256}`,
    'X-Gitea-Hook-Installation-Target-Type': 'repository',
    ...(hook.authorizationHeader === '' ? {} : { Authorization: hook.authorizationHeader }),
  };
}

/** Over the payload, also where a form carries it. Without a secret it is empty. */
function signed(algorithm: 'sha1' | 'sha256', { secret }: Hook, payload: string): string {
  return secret === '' ? '' : createHmac(algorithm, secret).update(payload).digest('hex');
}
