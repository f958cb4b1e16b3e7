import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventsOf, isSigned } from '../src/signature.ts';

const body = Buffer.from('{\n  "action": "created"\n}');
const sign = (secret: string, bytes: Uint8Array = body) => createHmac('sha256', secret).update(bytes).digest('hex');
const right = sign('new secret');

describe('a signature', () => {
  it.each([
    ['of Gitea', { 'x-gitea-signature': right }],
    ['of Forgejo', { 'x-forgejo-signature': right }],
    ['in the old spelling', { 'x-gogs-signature': right }],
    ['in that of GitHub', { 'x-hub-signature-256': `sha256=${right}` }],
    ['in capitals', { 'x-gitea-signature': right.toUpperCase() }],
    ['that is one of several', { 'x-gitea-signature': '', 'x-hub-signature-256': `sha256=${right}` }],
  ])('%s holds', (_, headers) => expect(isSigned(body, headers, ['new secret'])).toBe(true));

  it('holds with the old secret as well while two are known, and not after', () => {
    const headers = { 'x-gitea-signature': sign('old secret') };
    expect(isSigned(body, headers, ['new secret', 'old secret'])).toBe(true);
    expect(isSigned(body, headers, ['new secret'])).toBe(false);
  });

  it.each([
    ['is absent', {}],
    ['is empty, as from a hook without a secret', { 'x-gitea-signature': '', 'x-hub-signature-256': 'sha256=' }],
    ['is of another secret', { 'x-gitea-signature': sign('no secret') }],
    [
      'is of other bytes, as after somebody laid out the JSON anew',
      { 'x-gitea-signature': sign('new secret', Buffer.from('{"action":"created"}')) },
    ],
    ['is half of the right one', { 'x-gitea-signature': right.slice(0, 32) }],
    ['is no hex', { 'x-gitea-signature': 'z'.repeat(64) }],
    ['is SHA-1', { 'x-hub-signature': 'sha1=0123' }],
  ])('that %s does not hold', (_, headers) => expect(isSigned(body, headers, ['new secret'])).toBe(false));

  it('never holds where no secret is known', () => {
    expect(isSigned(body, { 'x-gitea-signature': sign('') }, [''])).toBe(false);
    expect(isSigned(body, { 'x-gitea-signature': right }, [])).toBe(false);
  });
});

describe('the events of a delivery', () => {
  it.each([
    [
      { 'x-gitea-event': 'issue_comment', 'x-gitea-event-type': 'pull_request_comment' },
      ['pull_request_comment', 'issue_comment'],
    ],
    [{ 'x-forgejo-event': 'issue_comment', 'x-gitea-event': 'issue_comment' }, ['issue_comment']],
    [{ 'x-gogs-event': 'push' }, ['push']],
    [{}, []],
  ])('of %j are %j', (headers, events) => expect(eventsOf(headers)).toEqual(events));
});
