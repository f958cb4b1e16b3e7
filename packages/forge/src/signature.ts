import { createHmac, timingSafeEqual } from 'node:crypto';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Under these a forge signs the bytes of a delivery, in hex digits; the last with a word before them. Node gives names in lower case. */
const SIGNATURES = ['x-gitea-signature', 'x-forgejo-signature', 'x-gogs-signature', 'x-hub-signature-256'] as const;
const HUB_WORD = 'sha256=';

/** The names of a delivery's event: what is subscribed to, and what the forge makes of it for pull requests. */
const EVENTS = ['gitea', 'forgejo', 'gogs', 'github'].flatMap((forge) => [`x-${forge}-event-type`, `x-${forge}-event`]);

/**
 * Whether a delivery was signed (HMAC-SHA256 over its very bytes) with one of these secrets; more than one while they are rotated.
 * A forge without a secret sends its headers empty, which proves nothing. Takes the same time whatever is wrong.
 */
export function isSigned(body: Uint8Array, headers: Headers, secrets: readonly string[]): boolean {
  const given = SIGNATURES.flatMap((name) => headers[name] ?? []).map((value) => Buffer.from(hexOf(value), 'hex'));
  const wanted = secrets.filter((secret) => secret !== '').map((secret) => createHmac('sha256', secret).update(body).digest());
  // No early end: each is compared with each.
  return wanted
    .flatMap((digest) => given.map((value) => value.length === digest.length && timingSafeEqual(value, digest)))
    .includes(true);
}

/** The events that a delivery says it is about. */
export function eventsOf(headers: Headers): string[] {
  return [...new Set(EVENTS.flatMap((name) => headers[name] ?? []))];
}

function hexOf(value: string): string {
  return (value.startsWith(HUB_WORD) ? value.slice(HUB_WORD.length) : value).trim();
}
