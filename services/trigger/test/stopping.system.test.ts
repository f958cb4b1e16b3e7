import { beat } from '@cc-ci/shared/runs/heartbeats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { member, openScene, outsider, type Scene } from './scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

function never(): never {
  throw new Error('There is no run.');
}
const verdicts = async () => (await scene.runs()).map(({ verdict }) => verdict);

describe('a word to stop', () => {
  it('of a member stops what waits for the pull request, and says in the record who it was', async () => {
    await using _ = await scene.start();
    await scene.outcome(scene.comment('!testme'));
    const [run] = await scene.runs();
    expect(await scene.outcome(scene.comment('!testme cancel'))).toEqual({ kind: 'stopped', runs: [run?.id] });
    expect(await scene.runs()).toMatchObject([{ verdict: 'cancelled', wish: { why: 'asked', by: member } }]);
  });

  it('finds the same when it is read once more, after a crash', async () => {
    await using _ = await scene.start();
    await scene.outcome(scene.comment('!testme'));
    const [run] = await scene.runs();
    const word = scene.comment('!testme cancel');
    // As if it had been written down that the run is to stop, and then nothing more.
    const wish = { stop: 'cancelled', why: 'asked', by: member, at: Date.now() } as const;
    await scene.runStore.apply(run?.id ?? '', { kind: 'wished', wish });
    expect(await scene.outcome(word)).toEqual({ kind: 'stopped', runs: [run?.id] });
  });

  it('of an outsider stops nothing, and is told whose word does', async () => {
    await using _ = await scene.start();
    await scene.outcome(scene.comment('!testme'));
    expect(await scene.outcome(scene.comment('!testme cancel', outsider))).toMatchObject({
      kind: 'reply',
      reply: { about: 'not-a-member', organisation: 'coop' },
    });
    expect(await verdicts()).toEqual([null]);
  });

  it('is told where there is nothing to stop', async () => {
    await using _ = await scene.start();
    expect(await scene.outcome(scene.comment('!testme cancel'))).toEqual({ kind: 'reply', reply: { about: 'nothing-to-stop' } });
  });
});

describe('a newer request', () => {
  it('takes the place of the one before it; a mere push stops nothing', async () => {
    await using _ = await scene.start();
    await scene.outcome(scene.comment('!testme'));
    await scene.push();
    await scene.polls(2);
    expect(await verdicts()).toEqual([null]);
    await scene.outcome(scene.comment('!testme'));
    expect(await scene.runs()).toMatchObject([{ verdict: 'superseded', wish: { by: member } }, { state: 'queued' }]);
  });

  it('of what a runner was doing that died is answered with the run, which goes on elsewhere (case 5)', async () => {
    await using _ = await scene.start();
    await scene.outcome(scene.comment('!testme'));
    const [run] = await scene.runs();
    const claim = { kind: 'claimed', attempt: 1, runner: 'r', host: 'ci-1', stack: 's', domain: 'd', at: Date.now() } as const;
    // A lease that is over as soon as it is taken: nobody holds the run, and the record still says that it runs.
    await scene.runStore.claim(run?.id ?? '', claim, 1);
    expect(await scene.outcome(scene.comment('!testme'))).toEqual({ kind: 'reply', reply: { about: 'already', run: run?.id } });
  });

  it('of the very same thing is answered, and stops nothing', async () => {
    await using _ = await scene.start();
    await scene.outcome(scene.comment('!testme'));
    expect(await scene.outcome(scene.comment('!testme'))).toMatchObject({ kind: 'reply', reply: { about: 'already' } });
    expect(await verdicts()).toEqual([null]);
  });
});

describe('a request too many', () => {
  it('is answered with what its author has waiting elsewhere', async () => {
    await using _ = await scene.start({
      settings: { ...scene.settings, people: { ...scene.settings.people, runs_per_person: 1 } },
    });
    await scene.outcome(scene.comment('!testme'));
    const [own] = await scene.runs();
    const { run: elsewhere } = await scene.runStore.create(
      {
        ...(own?.request ?? never()),
        origin: { kind: 'comment', commentId: 9_001, at: Date.now() },
        pull: { number: 8, url: 'https://git.example.org/coop/hedgedoc/pulls/8', baseRef: 'main' },
      },
      Date.now(),
    );
    expect(await scene.outcome(scene.comment('!testme --extra-tests'))).toEqual({
      kind: 'reply',
      reply: { about: 'too-many', limit: 1, runs: [elsewhere.id] },
    });
    expect(await verdicts()).toEqual([null]);
  });
});

describe('a question', () => {
  it('is answered to anyone: what goes on here, and on all of cc-ci', async () => {
    await using _ = await scene.start();
    const ask = () => scene.outcome(scene.comment('!testme status', outsider));
    expect(await ask()).toEqual({
      kind: 'reply',
      reply: { about: 'status', here: null, running: 0, waiting: 0, runners: 0 },
    });
    await scene.outcome(scene.comment('!testme'));
    const beating = {
      v: 1,
      service: 'runner',
      id: 'ci-1-1',
      host: 'ci-1',
      startedAt: 0,
      at: Date.now(),
      settingsHash: '',
    } as const;
    await beat(scene.redis, scene.instance, { ...beating, capacity: 1, running: [], draining: false });
    const [run] = await scene.runs();
    expect(await ask()).toMatchObject({
      reply: { here: { run: run?.id, state: 'queued', step: null }, running: 0, waiting: 1, runners: 1 },
    });
  });
});
