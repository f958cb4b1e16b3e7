import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { isSigned } from '@cc-ci/forge/signature';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ForgeDouble } from '../src/double.ts';
import { openForge, recipe } from './scene.ts';

const secret = 'the-secret-of-the-hook';
let double: ForgeDouble;
let receiver: Server;
let url: string;
let received: { headers: IncomingHttpHeaders; body: Buffer }[];
/** What the receiver answers. */
let status: number;

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await buffer(request) });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks/gitea`;
});
afterAll(() => new Promise((resolve) => receiver.close(resolve)));
beforeEach(async () => {
  double = await openForge();
  [received, status] = [[], 200];
});
afterEach(() => double[Symbol.asyncDispose]());

/** A comment on an issue of a repository with a hook, and all of its deliveries made. */
async function commented(events = ['issue_comment']): Promise<void> {
  double.addHook(recipe, { url, secret, events });
  const { number } = double.openIssue(recipe, { as: 'ana', title: 'an issue' });
  double.comment(recipe, number, { as: 'eve', body: '!testme' });
  await double.delivered();
}

describe('a double that delivers', () => {
  it('remembers each attempt, and how it was answered', async () => {
    status = 503;
    await commented();
    expect(double.deliveries()).toMatchObject([{ event: 'issue_comment', status: 503 }]);
    expect(received).toHaveLength(1);
  });

  it('never tries again by itself, and again under another id when it is told to', async () => {
    status = 500;
    await commented();
    await double.redeliver(double.deliveries()[0]?.id ?? '');
    const [first, second] = received;
    expect(received).toHaveLength(2);
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers['x-gitea-delivery']).not.toBe(first?.headers['x-gitea-delivery']);
    expect(isSigned(second?.body ?? Buffer.alloc(0), second?.headers ?? {}, [secret])).toBe(true);
  });

  it.each([
    ['loses', 0],
    ['doubles', 2],
  ])('%s what it delivers when it is told to', async (_, copies) => {
    double.deliverCopies(copies);
    await commented();
    expect(received).toHaveLength(copies);
  });

  it('delivers nothing that the hook does not listen to', async () => {
    await commented(['pull_request_comment', 'push']);
    expect(received).toEqual([]);
  });

  it('takes a name that stands for several events', async () => {
    await commented(['issues']);
    expect(received).toHaveLength(1);
  });

  it('goes on when nobody answers', async () => {
    double.addHook(recipe, { url: 'http://127.0.0.1:1/', secret, events: ['issue_comment'] });
    await commented();
    expect(double.deliveries().map((delivery) => delivery.status)).toEqual([undefined, 200]);
  });
});
