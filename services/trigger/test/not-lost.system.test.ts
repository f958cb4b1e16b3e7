import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScene, repository, type Scene } from './scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

/** Watched once, then stopped: what is written now is written while the trigger is down. */
async function watchedBefore(): Promise<void> {
  await (await scene.start())[Symbol.asyncDispose]();
}

describe('nothing is lost', () => {
  it('while the trigger is down: what was written meanwhile is read, in order (case 7)', async () => {
    await watchedBefore();
    const comments = [scene.comment('!testme help'), scene.comment('!testme'), scene.comment('!testme')];
    await using _ = await scene.start();

    const outcomes = await Promise.all(comments.map(scene.outcome));
    const [run] = await scene.runs();
    expect(outcomes).toEqual([
      { kind: 'reply', reply: { about: 'help' } },
      { kind: 'run', run: run?.id },
      { kind: 'reply', reply: { about: 'already', run: run?.id } },
    ]);
  });

  it('while the forge is down: that is said once, and once that it is over', async () => {
    await using _ = await scene.start();
    const said = (text: string): number => scene.logged.filter((line) => line.includes(text)).length;
    scene.forge.goDown();
    const comment = scene.comment('!testme');
    await scene.eventually('it is said', () => said('New comments cannot be read') > 0);
    scene.forge.comeBack();

    expect(await scene.outcome(comment)).toMatchObject({ kind: 'run' });
    await scene.polls(1);
    expect([said('New comments cannot be read'), said('The forge answers again')]).toEqual([1, 1]);
  });

  it('when the forge fails while a comment is being judged: it is judged later', async () => {
    await using _ = await scene.start();
    scene.forge.loseNextPullRequests(1);
    expect(await scene.outcome(scene.comment('!testme'))).toMatchObject({ kind: 'run' });
  });

  it('when a comment was seen and its job is gone', async () => {
    await watchedBefore();
    const comment = scene.comment('!testme');
    await scene.intakeStore.saw(comment);
    await using _ = await scene.start();
    expect(await scene.outcome(comment)).toMatchObject({ kind: 'run' });
  });

  it('when a run was recorded and its job is gone', async () => {
    const first = await scene.start();
    await scene.outcome(scene.comment('!testme'));
    await first[Symbol.asyncDispose]();
    const [run] = await scene.runs();
    await scene.loseJobs('runs');
    await using _ = await scene.start();
    await scene.eventually('it is queued again', async () => (await scene.producer.counts()).runs.waiting === 1);
    expect(await scene.runs()).toEqual([run]);
  });

  it('when a comment was deleted before it was read: the reason is kept', async () => {
    await watchedBefore();
    const comment = scene.comment('!testme');
    await scene.intakeStore.saw(comment);
    scene.forge.deleteComment(repository, comment.commentId);
    await using _ = await scene.start();
    expect(await scene.outcome(comment)).toEqual({
      kind: 'ignored',
      why: 'it cannot be read any more: deleted, or hidden from cc-ci',
    });
  });

  it('when a comment was edited before it was read: it counts as it stands now', async () => {
    await watchedBefore();
    const comment = scene.comment('!testme');
    await scene.intakeStore.saw(comment);
    const edited = await scene.edit(comment, '!testme help');
    await using _ = await scene.start();
    expect(await scene.outcome(comment)).toMatchObject({ kind: 'ignored' });
    expect(await scene.outcome(edited)).toEqual({ kind: 'reply', reply: { about: 'help' } });
    expect(await scene.runs()).toEqual([]);
  });
});
