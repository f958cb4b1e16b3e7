import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** A receiver, and what its deliveries are signed with. */
export interface Target {
  readonly url: string;
  readonly secret: string;
  readonly repository: { readonly id: number; readonly full_name: string };
}

/** As long as what Gitea tells of a comment: two accounts, the repository and the pull request in full. Bytes. */
const USUAL_BODY_BYTES = 9_000;
const SECOND_MS = 1_000;

/** Each delivery is of a comment that nobody has seen: otherwise it would cost less. */
let comment = 0;

/** Delivers so many at an even pace, whatever the receiver does. @returns milliseconds from when each was due to its answer */
export async function deliverEvenly(
  target: Target,
  { perSecond, count }: { perSecond: number; count: number },
): Promise<number[]> {
  using agent = agentOf(perSecond);
  const begun = performance.now();
  const answers: Promise<number>[] = [];
  for (let index = 0; index < count; index += 1) {
    const due = begun + (index * SECOND_MS) / perSecond;
    await pause(Math.max(0, due - performance.now()));
    answers.push(deliver(target, agent.agent).then(() => performance.now() - due));
  }
  return await Promise.all(answers);
}

/** Delivers so many as fast as they are answered, some at a time. @returns how many in a second */
export async function deliverAtOnce(target: Target, { atATime, count }: { atATime: number; count: number }): Promise<number> {
  using agent = agentOf(atATime);
  let left = count;
  const begun = performance.now();
  const one = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      await deliver(target, agent.agent);
    }
  };
  await Promise.all(Array.from({ length: atATime }, one));
  return count / ((performance.now() - begun) / SECOND_MS);
}

function agentOf(maxSockets: number) {
  const agent = new Agent({ keepAlive: true, maxSockets });
  return { agent, [Symbol.dispose]: () => agent.destroy() };
}

async function deliver({ url, secret, repository }: Target, agent: Agent): Promise<void> {
  comment += 1;
  const updated_at = new Date(Date.now()).toISOString();
  const told = { action: 'created', is_pull: true, comment: { id: comment, body: '!testme', updated_at }, repository };
  const body = JSON.stringify({ ...told, rest: 'x'.repeat(USUAL_BODY_BYTES) }, undefined, 2);
  const asked = request(`${url}/hooks/gitea`, {
    method: 'POST',
    agent,
    headers: {
      'content-type': 'application/json',
      'x-gitea-event-type': 'pull_request_comment',
      'x-gitea-signature': createHmac('sha256', secret).update(body).digest('hex'),
    },
  });
  asked.end(body);
  const [response] = await once(asked, 'response');
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== 202) throw new Error(`A delivery was answered with ${response.statusCode}, not with 202.`);
}
