import { putEnrolled } from '@cc-ci/shared/runs/enrolled';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { claimed, cleaned, openStand, passing, planned, repository, type Stand } from './stand.ts';

const HOUR_MS = 3_600_000;

let stand: Stand;
beforeEach(async () => {
  stand = await openStand();
});
afterEach(() => stand[Symbol.asyncDispose]());

const firstLines = (): string[] => stand.said().map(({ body }) => body.split('\n')[1] ?? '');
const wake = (subject: string): Promise<void> => stand.producer.add('reports', { v: 1, subject });

describe('the comment of a run', () => {
  it('is created once, edited while the run goes on, and replaced by the result', async () => {
    await stand.reporter();
    const run = await stand.ask();
    const queued = await stand.says('**Queued');
    await stand.tell(run, claimed(Date.now()), planned);
    const testing = await stand.says('**Testing');
    expect(testing.id).toBe(queued.id);

    await stand.tell(run, ...passing(Date.now()).slice(2));
    const result = await stand.says('**✔ Passed');
    expect(result.id).toBeGreaterThan(testing.id);
    await stand.atRest();
    expect(firstLines()).toEqual([
      expect.stringMatching(/^\*\*✔ Passed: `[0-9a-f]{8}` of hedgedoc installs and upgrades\.\*\*$/),
    ]);
  });

  it('has a clock that moves while nothing else changes', async () => {
    await stand.reporter({ settings: { say: { commit_status: 'never', progress_seconds: 1, repro_command: null } } });
    await stand.tell(await stand.ask(), claimed(Date.now()), planned);
    const before = await stand.says(/\*\* [1-9]\d* s so far\./);
    const after = await stand.forge.waitFor('another time', () => stand.said().find(({ body }) => body !== before.body));
    expect(after.id).toBe(before.id);
    expect(stand.said()).toHaveLength(1);
  });

  it('proves the clean-up by an edit of the result', async () => {
    await stand.reporter();
    const run = await stand.tell(await stand.ask(), ...passing(Date.now()));
    const result = await stand.says('Left behind: not known yet');
    await stand.tell(run, cleaned());
    const proof = await stand.says('Left behind: nothing (14 things removed');
    expect(proof.id).toBe(result.id);
  });

  it('is the same when the reporter was away all the time', async () => {
    const live = await stand.reporter();
    const run = await stand.tell(await stand.ask(), ...passing(Date.now()), cleaned());
    await stand.atRest();
    const told = stand.said().map(({ body }) => body);
    await live[Symbol.asyncDispose]();

    stand.forge.deleteComment(repository, stand.said()[0]?.id ?? 0);
    await stand.redis.del(keysOf(stand.instance).said(run.subject));
    await wake(run.subject);
    await stand.reporter();
    await stand.atRest();
    expect(stand.said().map(({ body }) => body)).toEqual(told);
  });

  it('folds the one before to a line', async () => {
    await stand.reporter();
    await stand.tell(await stand.ask(), ...passing(Date.now() - 1000), cleaned());
    await stand.says('**✔ Passed');
    await stand.ask();
    await stand.says('A newer run follows below.');
    await stand.atRest();
    expect(firstLines()).toEqual([
      expect.stringMatching(/^✔ Passed: .* A newer run follows below\./),
      expect.stringMatching(/^\*\*Queued/),
    ]);
  });

  it('comes back once when a person deletes it, and then stays away (case 89)', async () => {
    // What the forge did not own up to counts as well.
    stand.forge.hideNextSuccess();
    const run = await stand.tell(await stand.ask(), ...passing(Date.now()), cleaned());
    await stand.reporter();
    await stand.atRest();
    for (const left of [1, 0]) {
      stand.forge.deleteComment(repository, stand.said()[0]?.id ?? 0);
      await wake(run.subject);
      await stand.atRest();
      expect(stand.said()).toHaveLength(left);
    }
  });

  it('is told from a comment of somebody who quotes it (case 91)', async () => {
    await stand.reporter();
    const run = await stand.ask();
    const { body } = await stand.says('**Queued');
    stand.comment('ana', body);
    await stand.tell(run, ...passing(Date.now()), cleaned());
    await stand.atRest();
    const quote = stand.forge.comments(repository, 1).filter(({ author }) => author.login === 'ana');
    expect(quote.map((comment) => comment.body)).toEqual([body]);
    expect(stand.said()).toHaveLength(1);
  });

  it('is one, also when the forge says that it failed to write it', async () => {
    stand.forge.hideNextSuccess();
    await stand.tell(await stand.ask(), ...passing(Date.now()), cleaned());
    await stand.reporter();
    await stand.atRest();
    expect(stand.said()).toHaveLength(1);
  });

  it('is one, also with two reporters', async () => {
    await Promise.all([stand.reporter(), stand.reporter()]);
    const asked = await Promise.all([stand.ask(), stand.ask(), stand.ask()]);
    for (const run of asked) await stand.tell(run, ...passing(Date.now()), cleaned());
    await stand.atRest();
    expect(stand.said()).toHaveLength(asked.length);
  });

  it('comes when the forge is back', async () => {
    stand.forge.goDown();
    await stand.reporter();
    await stand.tell(await stand.ask(), ...passing(Date.now()), cleaned());
    stand.forge.comeBack();
    await stand.says('**✔ Passed');
    await stand.atRest();
    expect(stand.said()).toHaveLength(1);
  });

  it('comes once, and right, when the reporter was away for an hour', async () => {
    const run = await stand.tell(await stand.ask(), ...passing(Date.now()), cleaned());
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + HOUR_MS });
    try {
      await stand.reporter();
      expect((await stand.says('**✔ Passed')).body).toContain(`/runs/${run.id}), 1 min 40 s`);
      await stand.atRest();
      expect(stand.said()).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is edited once more when two edits met and the forge answered one of them with 500', async () => {
    await stand.reporter();
    const run = await stand.ask();
    const { id } = await stand.says('**Queued');
    stand.forge.hideNextSuccess();
    await stand.tell(run, claimed(Date.now()), planned);
    expect((await stand.says('**Testing')).id).toBe(id);
    await stand.tell(run, ...passing(Date.now()).slice(2), cleaned());
    await stand.says('Left behind: nothing');
    await stand.atRest();
    expect(stand.said()).toHaveLength(1);
  });

  it('follows a repository that was renamed, once the trigger has seen its new name', async () => {
    const run = await stand.tell(await stand.ask(), ...passing(Date.now()), cleaned());
    stand.forge.renameRepository(repository, 'pad');
    const { id } = run.request.repo;
    const cloneUrl = 'https://git.example.org/coop/pad.git';
    const seen = {
      v: 1,
      repo: { id, owner: 'coop', name: 'pad' },
      cloneUrl,
      defaultBranch: 'main',
      private: false,
      seenAt: 0,
    } as const;
    await putEnrolled(stand.redis, stand.instance, [seen]);
    await stand.reporter();
    await stand.atRest();
    expect(stand.forge.comments('coop/pad', 1).filter(({ author }) => author.login === 'cc-ci')).toHaveLength(1);
  });
});

describe('the request', () => {
  it('is shown as seen at once, and as passed at the end', async () => {
    await stand.reporter();
    const run = await stand.ask();
    const commentId = run.request.origin.kind === 'comment' ? run.request.origin.commentId : 0;
    await stand.forge.waitFor('the eyes', () => stand.reactionsTo(commentId).includes('eyes'));
    await stand.tell(run, ...passing(Date.now()), cleaned());
    await stand.atRest();
    expect(stand.reactionsTo(commentId)).toEqual(['eyes', '+1']);
  });

  it('is answered once when it did not become a run', async () => {
    await stand.reporter();
    const commentId = stand.comment('ana', '!testme');
    const said = {
      v: 1,
      repo: { id: 1, owner: 'coop', name: 'hedgedoc' },
      commentId,
      pull: 1,
      author: 'ana',
      seenAt: 1,
    } as const;
    const reply = { about: 'outsider', organisation: 'coop', commit: stand.commit, visibility: 'all' } as const;
    await stand.intakes.record({ ...said, updatedAt: 1, outcome: { kind: 'reply', reply } });
    await stand.says('Thank you for this pull request.');
    await wake('pull-1-1');
    await stand.atRest();
    expect(stand.said()).toHaveLength(1);

    await stand.intakes.record({ ...said, updatedAt: 2, outcome: { kind: 'confused', why: 'in a sentence' } });
    await stand.atRest();
    expect(stand.said()).toEqual([]);
    expect(stand.reactionsTo(commentId)).toEqual(['confused']);
  });
});

describe('the commit', () => {
  it('has a status where the account may set it', async () => {
    await stand.reporter();
    const run = await stand.ask();
    await stand.says('**Queued');
    await stand.tell(run, ...passing(Date.now()), cleaned());
    await stand.atRest();
    const states = stand.forge.statuses(repository, stand.commit).map(({ context, state }) => `${context} ${state}`);
    expect(states).toEqual(['cc-ci/testme pending', 'cc-ci/testme success']);
  });

  it('has none where the token may only comment, and the result is told all the same', async () => {
    await stand.reporter({ token: stand.forge.issueToken('cc-ci', ['write:issue', 'read:user']) });
    await stand.tell(await stand.ask(), ...passing(Date.now()), cleaned());
    await stand.says('**✔ Passed');
    await stand.atRest();
    expect(stand.forge.statuses(repository, stand.commit)).toEqual([]);
  });
});
