import { setTimeout as pause } from 'node:timers/promises';
import type { IntakeJob } from '@cc-ci/shared/contract/queues';
import { readEnrolled } from '@cc-ci/shared/runs/enrolled';
import { living } from '@cc-ci/shared/runs/heartbeats';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { member, openScene, outsider, repository, type Scene } from './scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

/** Watched once, then stopped: what is written now is written while the trigger is down. */
async function watchedBefore(): Promise<void> {
  await (await scene.start())[Symbol.asyncDispose]();
}

/** Ends the only run of the scene, as if it had been done. */
async function endRun(): Promise<string> {
  const [run] = await scene.runs();
  await scene.runStore.apply(run?.id ?? '', {
    kind: 'wished',
    wish: { stop: 'cancelled', why: 'asked', by: member, at: Date.now() },
  });
  return run?.id ?? '';
}

/** As webhooks would, under whatever delivery, and polls beside them; returns when all of it has been read. */
async function bringAgain(comment: IntakeJob): Promise<void> {
  for (let times = 0; times < 3; times += 1) await scene.producer.add('intake', comment);
  await scene.polls(2);
  await scene.eventually('all that was brought is read', async () => {
    const { waiting, active } = (await scene.producer.counts()).intake;
    return waiting + active === 0;
  });
}

describe('a member’s comment', () => {
  it('becomes one run of the head, recorded and queued, however often it is polled and brought (case 3)', async () => {
    await using _ = await scene.start();
    const comment = scene.comment('Looks good.\n\n!testme');
    const outcome = await scene.outcome(comment);
    await bringAgain(comment);

    const runs = await scene.runs();
    expect(runs).toEqual([
      expect.objectContaining({
        state: 'queued',
        request: expect.objectContaining({
          commit: await scene.head(),
          chosen: 'head-at-comment',
          recipe: 'hedgedoc',
          by: member,
          cloneUrl: expect.stringContaining('/coop/hedgedoc.git'),
        }),
      }),
    ]);
    expect(outcome).toEqual({ kind: 'run', run: runs[0]?.id });
    expect((await scene.producer.counts()).runs.waiting).toBe(1);
    // Also once nothing of that commit runs any more.
    await endRun();
    await bringAgain(comment);
    expect(await scene.runs()).toHaveLength(1);
  });

  it('becomes a run although Redis was emptied meanwhile, polls and all', async () => {
    await using _ = await scene.start();
    await scene.polls(1);
    const mine = await scene.redis.keys(`${keysOf(scene.instance).queuePrefix}*`);
    await scene.redis.del(mine);
    // Those that were under way have ended.
    await pause(1_500);
    await scene.outcome(scene.comment('!testme'));
    expect(await scene.runs()).toHaveLength(1);
  });

  it('becomes one run although two triggers read it', async () => {
    await using _one = await scene.start();
    await using _two = await scene.start();
    await scene.outcome(scene.comment('!testme'));
    await scene.polls(2);
    expect(await scene.runs()).toHaveLength(1);
  });

  it('never runs a commit that somebody else pushed between the comment and its reading (case 13)', async () => {
    await watchedBefore();
    const comment = scene.comment('!testme');
    const canary = await scene.push(outsider);
    await using _ = await scene.start();

    expect(await scene.outcome(comment)).toEqual({
      kind: 'reply',
      reply: { about: 'head-moved', present: canary, why: 'pushed-after-comment' },
    });
    expect(await scene.runs()).toEqual([]);
  });

  it('runs the commit that it names, although somebody else pushed meanwhile', async () => {
    await watchedBefore();
    const named = await scene.head();
    const comment = scene.comment(`!testme ${named}`);
    await scene.push(outsider);
    await using _ = await scene.start();

    expect(await scene.outcome(comment)).toMatchObject({ kind: 'run' });
    expect((await scene.runs())[0]?.request).toMatchObject({ commit: named, chosen: 'named' });
  });

  it('means what its writer pushed right after it', async () => {
    await watchedBefore();
    const comment = scene.comment('!testme');
    const pushed = await scene.push(member);
    await using _ = await scene.start();

    expect(await scene.outcome(comment)).toMatchObject({ kind: 'run' });
    expect((await scene.runs())[0]?.request).toMatchObject({ commit: pushed, chosen: 'own-push-after-comment' });
  });

  it('waits for the forge to write down a push that came before it', async () => {
    await using _ = await scene.start();
    scene.forge.holdPushTasks();
    const pushed = await scene.push(member);
    const comment = scene.comment('!testme');
    await scene.eventually('it waits', () => scene.logged.some((line) => line.includes('not yet written down')));
    await scene.forge.releasePushTasks();

    expect(await scene.outcome(comment)).toMatchObject({ kind: 'run' });
    expect((await scene.runs())[0]?.request.commit).toBe(pushed);
  });

  it('gets a link while the same commit waits, and a run of its own after that has ended', async () => {
    await using _ = await scene.start();
    await scene.outcome(scene.comment('!testme'));
    const [first] = await scene.runs();
    expect(await scene.outcome(scene.comment('!testme'))).toEqual({ kind: 'reply', reply: { about: 'already', run: first?.id } });

    await endRun();
    expect(await scene.outcome(scene.comment('!testme'))).toMatchObject({ kind: 'run' });
    expect(await scene.runs()).toHaveLength(2);
  });

  it('starts no second run when it is edited', async () => {
    await using _ = await scene.start();
    const comment = scene.comment('!testme');
    await scene.outcome(comment);
    const run = await endRun();
    const edited = await scene.edit(comment, '!testme retry');

    expect(await scene.outcome(edited)).toEqual({ kind: 'ignored', why: `it had started run ${run} before it was edited` });
    expect(await scene.runs()).toHaveLength(1);
  });

  it('stops the run that it started when the pull request is closed, and says why in the record (case 39)', async () => {
    await using _ = await scene.start();
    await scene.outcome(scene.comment('!testme'));
    scene.forge.close(repository, 1, { as: member });
    const stopped = await scene.eventually('the run is stopped', async () =>
      (await scene.runs()).find(({ state }) => state === 'ended'),
    );
    expect(stopped).toMatchObject({ verdict: 'cancelled', wish: { why: 'closed', by: null } });
  });

  it('is told so on a pull request that is closed', async () => {
    await using _ = await scene.start();
    scene.forge.close(repository, 1, { as: member });
    expect(await scene.outcome(scene.comment('!testme'))).toEqual({ kind: 'reply', reply: { about: 'closed' } });
  });
});

describe('an outsider’s comment', () => {
  it('is answered with who can help, for which commit', async () => {
    await using _ = await scene.start();
    expect(await scene.outcome(scene.comment('!testme', outsider))).toEqual({
      kind: 'reply',
      reply: { about: 'outsider', organisation: 'coop', commit: await scene.head(), visibility: 'all' },
    });
    expect(await scene.runs()).toEqual([]);
  });

  it('gets help', async () => {
    await using _ = await scene.start();
    expect(await scene.outcome(scene.comment('!testme help', outsider))).toEqual({ kind: 'reply', reply: { about: 'help' } });
  });

  it('after a member’s approval and another push is answered anew: the approval was of one commit (case 23)', async () => {
    await using _ = await scene.start();
    const approved = await scene.head();
    await scene.outcome(scene.comment('!testme'));
    await scene.push(outsider);
    expect(await scene.outcome(scene.comment('!testme', outsider))).toMatchObject({ reply: { about: 'outsider' } });
    expect(await scene.runs()).toMatchObject([{ request: { commit: approved } }]);
  });

  it('with a typo gets one reply, and only a reaction for the next one (case 15)', async () => {
    await using _ = await scene.start();
    const first = scene.comment('!tetstme', outsider);
    expect(await scene.outcome(first)).toMatchObject({ kind: 'reply', reply: { about: 'mistake', didYouMean: '!testme' } });
    expect(await scene.outcome(scene.comment('!tesme', outsider))).toMatchObject({ kind: 'confused' });
  });
});

describe('a comment of cc-ci itself', () => {
  it('is never a command (case 19)', async () => {
    await using _ = await scene.start();
    expect(await scene.outcome(scene.comment('!testme', 'cc-ci'))).toMatchObject({ kind: 'ignored' });
    expect(await scene.runs()).toEqual([]);
  });
});

describe('the first start', () => {
  it('has looked at the forge once when it is over, so that whatever is written next is new', async () => {
    await using _ = await scene.start();
    expect(await scene.redis.exists(keysOf(scene.instance).cursor('coop'))).toBe(1);
  });

  it('does not act on what was written before, and keeps the reason', async () => {
    const old = scene.comment('!testme');
    await scene.edit(scene.comment('first'), 'so that a second has passed');
    await using _ = await scene.start();
    expect(await scene.outcome(old)).toEqual({ kind: 'ignored', why: 'it was written before cc-ci watched this repository' });
  });
});

describe('the trigger', () => {
  it('only reads from the forge, and keeps its token to itself', async () => {
    await using _ = await scene.start();
    await scene.outcome(scene.comment('!testme'));
    const asked = scene.forge.requests.all().filter(({ login }) => login === 'cc-ci');
    expect(new Set(asked.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(scene.logged.join('')).not.toContain(scene.token);
  });

  it('tells the others that it lives, and which recipes are enrolled', async () => {
    const trigger = await scene.start();
    await scene.eventually('both are written', async () => {
      const [alive, enrolled] = [
        await living(scene.redis, scene.instance, Date.now()),
        await readEnrolled(scene.redis, scene.instance),
      ];
      return alive.some(({ service }) => service === 'trigger') && enrolled.some(({ repo }) => repo.name === 'hedgedoc');
    });
    await trigger[Symbol.asyncDispose]();
    expect(await living(scene.redis, scene.instance, Date.now())).toEqual([]);
  });
});
