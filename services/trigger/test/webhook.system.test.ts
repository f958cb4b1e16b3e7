import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IntakeJob } from '@cc-ci/shared/contract/queues';
import { rotatingSecretFile } from '@cc-ci/shared/service/secret-file';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { openLink } from '../../../packages/shared/test/service/severable-link.ts';
import type { Trigger, TriggerOptions } from '../src/service.ts';
import type { Ways } from '../src/ways.ts';
import { member, openScene, repository, type Scene } from './scene.ts';
import { ways } from './ways.ts';

const secret = 'the-secret-of-the-hooks';
/** Longer than any of these tests: what is seen was brought by the forge, not by a poll. */
const NO_POLL_SECONDS = 3_600;

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

const listening: Ways = ways({ webhookSecrets: async () => [secret], apiTokens: undefined });

/** A trigger that listens, and a hook that delivers to it. */
async function listen(more: Partial<TriggerOptions> = {}): Promise<Trigger> {
  const trigger = await scene.start({ ways: listening, ...more });
  scene.forge.addHook(repository, { url: `${trigger.url}/hooks/gitea`, secret });
  return trigger;
}

/** The same, where only the forge brings comments. */
async function listenOnly(open: Ways = listening): Promise<Trigger> {
  const settings = { ...scene.settings, trigger: { ...scene.settings.trigger, poll_seconds: NO_POLL_SECONDS } };
  const trigger = await listen({ settings, ways: open });
  await scene.eventually('the polls of its start are over', async () => {
    const { completed, active } = (await scene.producer.counts()).poll;
    return completed > 0 && active === 0;
  });
  return trigger;
}

/** How the forge was answered, oldest first. */
async function answers(): Promise<(number | undefined)[]> {
  await scene.forge.delivered();
  return scene.forge.deliveries().map(({ status }) => status);
}

describe('a comment that the forge delivers', () => {
  it('becomes a run at once, without a poll', async () => {
    await using _ = await listenOnly();
    const comment = scene.comment('!testme');
    expect(await answers()).toEqual([202]);
    expect(await scene.outcome(comment)).toMatchObject({ kind: 'run' });
    expect((await scene.runs())[0]?.request).toMatchObject({ commit: await scene.head(), by: member });
  });

  it('becomes a run when it was edited into a command, which no poll sees', async () => {
    await using _ = await listenOnly();
    const edited = await scene.edit(scene.comment('please test'), '!testme');
    expect(await scene.outcome(edited)).toMatchObject({ kind: 'run' });
    expect(await answers()).toEqual([200, 202]);
  });

  it('is one run, however often it is delivered and polled (case 3)', async () => {
    await using _ = await listen();
    scene.forge.deliverCopies(2);
    const comment = scene.comment('!testme');
    await scene.outcome(comment);
    await scene.forge.delivered();
    const [first] = scene.forge.deliveries();
    for (let times = 0; times < 3; times += 1) await scene.forge.redeliver(first?.id ?? '');
    await scene.polls(2);

    expect(await scene.runs()).toHaveLength(1);
    expect((await scene.producer.counts()).runs.waiting).toBe(1);
    // Nothing is owed any more by the time of the redeliveries.
    expect((await answers()).slice(-3)).toEqual([200, 200, 200]);
  });

  it('is judged as it stands on the forge, not as the delivery tells it', async () => {
    await using trigger = await listenOnly();
    scene.forge.deliverCopies(0);
    const comment = scene.comment('!testme');
    const edited = await scene.edit(comment, '!testme help');
    await bring(trigger, comment, '!testme');

    expect(await scene.outcome(comment)).toMatchObject({ kind: 'ignored' });
    expect(await scene.outcome(edited)).toEqual({ kind: 'reply', reply: { about: 'help' } });
    expect(await scene.runs()).toEqual([]);
  });
});

/** A delivery that is late, as a forge's queue may hold one: signed, and about what the comment was then. */
async function bring({ url }: Trigger, { commentId, updatedAt }: IntakeJob, text: string): Promise<void> {
  const body = JSON.stringify({
    action: 'created',
    comment: { id: commentId, body: text, updated_at: new Date(updatedAt).toISOString() },
    repository: { id: scene.repoId, full_name: repository },
    is_pull: true,
  });
  const headers = {
    'content-type': 'application/json',
    'x-forgejo-event-type': 'pull_request_comment',
    'x-forgejo-signature': createHmac('sha256', secret).update(body).digest('hex'),
  };
  expect((await fetch(`${url}/hooks/gitea`, { method: 'POST', headers, body })).status).toBe(202);
}

describe('a delivery that cannot be kept', () => {
  it('is refused while Redis is away, leaves nothing behind, and a poll finds the comment (case 11)', async () => {
    await using link = await openLink(inject('machine').redisUrl);
    await using _ = await listen({ redisUrl: link.url });
    await scene.polls(1);
    await link.cut();
    const comment = scene.comment('!testme');
    expect(await answers()).toEqual([503]);
    expect(await scene.intakeStore.pending()).toEqual([]);
    expect((await scene.producer.counts()).intake).toMatchObject({ waiting: 0, active: 0, delayed: 0, completed: 0 });

    await link.mend();
    expect(await scene.outcome(comment)).toMatchObject({ kind: 'run' });
    expect(await scene.runs()).toHaveLength(1);
  });

  it('is refused for another secret, and nothing of it is kept', async () => {
    await using _ = await listenOnly({ ...listening, webhookSecrets: async () => ['another-secret-altogether'] });
    scene.comment('!testme');
    expect(await answers()).toEqual([401]);
    expect(await scene.intakeStore.pending()).toEqual([]);
    expect((await scene.producer.counts()).intake).toMatchObject({ waiting: 0, active: 0, completed: 0 });
  });
});

describe('a secret that is replaced', () => {
  it('holds together with the old one until that is taken out of the file, without a restart', async () => {
    const path = join(scene.folder, 'webhook-secret');
    await writeFile(path, `the-new-secret-1234\n${secret}\n`);
    await using _ = await listenOnly({ ...listening, webhookSecrets: rotatingSecretFile(path) });
    scene.comment('!testme help');
    expect(await answers()).toEqual([202]);

    await writeFile(path, 'the-new-secret-1234\n');
    scene.comment('!testme help');
    expect(await answers()).toEqual([202, 401]);
  });
});

describe('a trigger that was given no secret', () => {
  it('listens to nobody', async () => {
    await using trigger = await scene.start();
    expect(trigger.url).toBeUndefined();
  });
});
