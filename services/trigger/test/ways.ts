import { createHash, createHmac } from 'node:crypto';
import type { IntakeJob } from '@cc-ci/shared/contract/queues';
import type { Ways } from '../src/ways.ts';

export const secret = 'a secret of webhooks';
export const apiToken = 'a-token-of-the-API';

/** All ways in, on a port of their own. */
export const ways = (changes: Partial<Ways> = {}): Ways => ({
  listen: { address: '127.0.0.1', port: 0 },
  webhookSecrets: async () => [secret],
  apiTokens: async () => `robot runs ${createHash('sha256').update(apiToken).digest('hex')}\n`,
  ...changes,
});

/** What a delivery about a comment holds, as far as anybody looks at it, in the layout of Gitea. */
export const payload = ({ repo, commentId, updatedAt }: IntakeJob, body: string, changes: object = {}): string =>
  JSON.stringify(
    {
      action: 'created',
      issue: { id: 1, number: 1, pull_request: { merged: false } },
      comment: { id: commentId, body, user: { id: 1, login: 'ana' }, updated_at: new Date(updatedAt).toISOString() },
      repository: { id: repo.id, name: repo.name, full_name: `${repo.owner}/${repo.name}`, owner: { id: 1, login: repo.owner } },
      sender: { id: 1, login: 'ana' },
      is_pull: true,
      ...changes,
    },
    null,
    2,
  );

/** Delivers as Gitea does. @returns the status, and what was said */
export async function deliver(
  url: string | undefined,
  body: string,
  {
    key = secret,
    event = 'issue_comment',
    headers = {},
  }: { key?: string; event?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; said: string }> {
  const answer = await fetch(`${url}/hooks/gitea`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-gitea-event': event,
      'x-gitea-signature': createHmac('sha256', key).update(body).digest('hex'),
      ...headers,
    },
    body,
  });
  return { status: answer.status, said: await answer.text() };
}

/** Asks the API. @returns the status, and the answer */
export async function ask(
  url: string | undefined,
  body: object,
  { token = apiToken, key, query = '' }: { token?: string | null; key?: string; query?: string } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${url}/api/runs${query}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: Object(await answer.json()) };
}
