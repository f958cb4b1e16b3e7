import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCommentEvent } from '../src/delivery.ts';
import { ForgeNotFound } from '../src/errors.ts';
import type { ForgeHooks } from '../src/forge.ts';
import { openGiteaHooks } from '../src/gitea.ts';
import type { RepoRef } from '../src/schema.ts';
import { eventsOf, isSigned } from '../src/signature.ts';
import { eventually, readScopes, type Scene } from './contract-scene.ts';
import type { Person } from './contract-world.ts';

const adminScopes = ['write:repository'];
const SECRET = 'the-secret-of-the-contract';
/** Nobody is there, and nothing is ever delivered to it in these tests. */
const nowhere = 'http://ci.invalid/hooks/gitea';

/** Webhooks: who may have them, what can be changed, and what is delivered. */
export function hookContract(scene: () => Scene, deliversHere: boolean): void {
  const hooksOf = async (person: Person, scopes = adminScopes): Promise<ForgeHooks> => {
    const { world } = scene();
    const token = await world.addToken(person, scopes);
    return openGiteaHooks({ url: world.forge.url, fetch: world.forge.fetch, token: async () => token });
  };
  /** A repository of its own for each test, and somebody who administers it. */
  const ownRepository = async (name: string): Promise<{ ref: RepoRef; admin: ForgeHooks }> => {
    const { ref } = await scene().world.addRepository(name);
    return { ref, admin: await hooksOf(scene().world.owner) };
  };

  describe('a hook', () => {
    it('is listed as it was made, but for its secret', async () => {
      const { ref, admin } = await ownRepository('hook-made');
      const state = { url: nowhere, events: ['pull_request_comment', 'issue_comment'], active: true };
      const made = await admin.createHook(ref, state, SECRET);
      expect(made).toMatchObject({ ...state, events: ['issue_comment', 'pull_request_comment'], contentType: 'json' });
      expect(await admin.hooks(ref)).toEqual([made]);
    });

    it('can be there twice with one address', async () => {
      const { ref, admin } = await ownRepository('hook-twice');
      const state = { url: nowhere, events: ['pull_request_comment'], active: true };
      const made = [await admin.createHook(ref, state, SECRET), await admin.createHook(ref, state, SECRET)];
      expect((await admin.hooks(ref)).map(({ id }) => id)).toEqual(made.map(({ id }) => id));
    });

    it('is another one after it was edited, and keeps its number', async () => {
      const { ref, admin } = await ownRepository('hook-edited');
      const { id } = await admin.createHook(ref, { url: nowhere, events: ['push'], active: false }, SECRET);
      const state = { url: `${nowhere}?k=2`, events: ['pull_request_comment'], active: true };
      expect(await admin.editHook(ref, id, state)).toMatchObject({ id, ...state });
      expect(await admin.hooks(ref)).toMatchObject([{ id, ...state }]);
    });

    it('is for pushes where no event is named', async () => {
      const { ref, admin } = await ownRepository('hook-no-events');
      expect(await admin.createHook(ref, { url: nowhere, events: [], active: true }, SECRET)).toMatchObject({ events: ['push'] });
    });

    it('is gone once it was deleted, however often', async () => {
      const { ref, admin } = await ownRepository('hook-deleted');
      const { id } = await admin.createHook(ref, { url: nowhere, events: ['push'], active: false }, SECRET);
      await admin.deleteHook(ref, id);
      await admin.deleteHook(ref, id);
      expect(await admin.hooks(ref)).toEqual([]);
      await expect(admin.editHook(ref, id, { url: nowhere, events: [], active: true })).rejects.toBeInstanceOf(ForgeNotFound);
    });

    it('needs an address that is one', async () => {
      const { ref, admin } = await ownRepository('hook-address');
      const making = admin.createHook(ref, { url: 'nowhere', events: ['push'], active: false }, SECRET);
      await expect(making).rejects.toMatchObject({ name: 'ForgeRefused', because: 'request' });
    });

    it('is for administrators only, and for tokens that may write', async () => {
      const { ref } = await ownRepository('hook-rights');
      const { world } = scene();
      await expect((await hooksOf(world.member)).hooks(ref)).rejects.toMatchObject({ name: 'ForgeRefused', because: 'right' });
      const reading = await hooksOf(world.owner, readScopes);
      expect(await reading.hooks(ref)).toEqual([]);
      const making = reading.createHook(ref, { url: nowhere, events: ['push'], active: false }, SECRET);
      await expect(making).rejects.toMatchObject({ name: 'ForgeRefused', because: 'scope' });
    });
  });

  describe.runIf(deliversHere)('a delivery', () => {
    interface Received {
      readonly headers: IncomingHttpHeaders;
      readonly body: Buffer;
    }
    let receiver: Server;
    let address: string;
    let received: Received[];

    beforeAll(async () => {
      receiver = createServer(async (request, response) => {
        received.push({ headers: request.headers, body: await buffer(request) });
        response.end();
      });
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      const { port } = receiver.address() as AddressInfo;
      address = `http://127.0.0.1:${port}/hooks/gitea`;
    });
    afterAll(() => new Promise((resolve) => receiver.close(resolve)));

    const hooked = async (name: string, secret = SECRET) => {
      received = [];
      const { ref, admin } = await ownRepository(name);
      const events = ['issue_comment', 'pull_request_comment'];
      const { id } = await admin.createHook(ref, { url: address, events, active: true }, secret);
      const number = await scene().newIssue(name, ref);
      return { ref, admin, id, number, writer: await scene().writerFor(scene().world.openMember) };
    };
    const deliveries = (count: number): Promise<void> => eventually(`${count} deliveries`, async () => received.length === count);

    it('is signed over its bytes, and names the comment', async () => {
      const { ref, number, writer } = await hooked('delivery-signed');
      const comment = await writer.createComment(ref, number, '!testme\n\nplease');
      await deliveries(1);
      const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = received;
      expect(isSigned(body, headers, [SECRET])).toBe(true);
      expect(isSigned(body, headers, ['another-secret-of-ours'])).toBe(false);
      expect(eventsOf(headers)).toContain('issue_comment');
      expect(readCommentEvent(body)).toMatchObject({
        action: 'created',
        commentId: comment.id,
        updatedAt: comment.updatedAt,
        text: comment.body,
        repository: ref,
      });
    });

    it('comes for an edit, and for a deletion with the last text', async () => {
      const { ref, number, writer } = await hooked('delivery-edited');
      const { id } = await writer.createComment(ref, number, 'hello');
      await deliveries(1);
      await writer.editComment(ref, id, '!testme');
      await deliveries(2);
      await writer.deleteComment(ref, id);
      await deliveries(3);
      const told = received.map(({ body }) => readCommentEvent(body)).map(({ action, text }) => [action, text]);
      expect(told).toEqual([
        ['created', 'hello'],
        ['edited', '!testme'],
        ['deleted', '!testme'],
      ]);
    });

    it('is of another type on a pull request', async () => {
      const { newPull, ref, world } = scene();
      received = [];
      const admin = await hooksOf(world.owner);
      const { id } = await admin.createHook(ref, { url: address, events: ['pull_request_comment'], active: true }, SECRET);
      const { number } = await newPull('delivery-pull');
      await scene().writer.createComment(ref, number, 'hello');
      await deliveries(1);
      await admin.deleteHook(ref, id);
      expect(eventsOf(received[0]?.headers ?? {})[0]).toBe('pull_request_comment');
      expect(received[0]?.headers['x-gitea-event']).toBe('issue_comment');
    });

    it('has an empty signature where the hook has no secret', async () => {
      const { ref, number, writer } = await hooked('delivery-no-secret', '');
      await writer.createComment(ref, number, 'hello');
      await deliveries(1);
      const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = received;
      expect(headers['x-gitea-signature']).toBe('');
      expect(isSigned(body, headers, [SECRET])).toBe(false);
    });

    it('keeps the secret that the hook was made with, whatever an edit says', async () => {
      const { ref, admin, id, number, writer } = await hooked('delivery-old-secret');
      const { world } = scene();
      await world.api('PATCH', `/repos/${ref.owner}/${ref.name}/hooks/${id}`, {
        as: world.owner.token,
        body: { config: { url: address, content_type: 'json', secret: 'a-secret-that-is-lost' }, events: ['issue_comment'] },
      });
      expect(await admin.hooks(ref)).toMatchObject([{ id, events: ['issue_comment'], active: true }]);
      await writer.createComment(ref, number, 'hello');
      await deliveries(1);
      const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = received;
      expect(isSigned(body, headers, [SECRET])).toBe(true);
    });
  });
}
