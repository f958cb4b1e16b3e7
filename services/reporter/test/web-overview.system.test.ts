import { drain } from '@cc-ci/shared/runs/drained';
import { putEnrolled } from '@cc-ci/shared/runs/enrolled';
import { beat } from '@cc-ci/shared/runs/heartbeats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reporter } from '../src/service.ts';
import { COMMIT, request } from './samples.ts';
import { claimed, openStand, type Stand } from './stand.ts';

let stand: Stand;
let reporter: Reporter;
const page = async (path: string): Promise<string> => (await fetch(reporter.url + path)).text();

beforeAll(async () => {
  stand = await openStand();
  reporter = await stand.reporter();
});
afterAll(() => stand[Symbol.asyncDispose]());

/** As the trigger lists the repository of the stand, and one that is private. */
async function enrolled() {
  const { repo, cloneUrl } = request();
  const runs = await stand.runs.recent(9);
  const own = runs.find((each) => each.request.repo.name === 'hedgedoc')?.request.repo ?? repo;
  const hidden = { ...own, id: 900, name: 'hidden' };
  const common = { v: 1, cloneUrl, defaultBranch: 'main', seenAt: 0 } as const;
  await putEnrolled(stand.redis, stand.instance, [
    { ...common, repo: own, private: false },
    { ...common, repo: hidden, private: true },
  ]);
  return { own, hidden };
}

describe('the page of the queue', () => {
  it('says that nothing runs and nobody could', async () => {
    const text = await page('/queue');
    expect(text).toContain('<h1>0 runs going on, 0 waiting</h1>');
    expect(text).toContain('No runner is up: what is asked for waits until one comes.');
  });

  it('shows what runs, what waits and where, and of what is private only that it is there', async () => {
    const running = await stand.ask();
    await stand.tell(running, claimed(Date.now()));
    const { hidden } = await enrolled();
    const { run: secret } = await stand.runs.create(request({ repo: hidden, origin: { kind: 'api', key: 'x' } }), Date.now());
    const beating = {
      v: 1,
      service: 'runner',
      id: 'ci-1-1',
      host: 'ci-1',
      startedAt: 0,
      at: Date.now(),
      settingsHash: '',
    } as const;
    await beat(stand.redis, stand.instance, { ...beating, capacity: 2, running: [running.id], draining: true });
    await drain(stand.redis, stand.instance, 'ci-1', Date.now());
    const text = await page('/queue');
    expect(text).toContain('<h1>1 run going on, 1 waiting</h1>');
    expect(text).toContain(`<a href="/runs/${running.id}">`);
    expect(text).toContain('a private recipe');
    expect(text).not.toContain(secret.id);
    expect(text).toMatch(/<td>ci-1<\/td><td>1 of 2 taken<\/td><td>drained since .*: it takes no more runs<\/td>/);
  });
});

describe('the page of requests', () => {
  it('has what waits for a member, and why other comments did not become a run', async () => {
    const { own, hidden } = await enrolled();
    const comment = (id: number, repo: typeof own, author: string) =>
      ({ v: 1, repo, commentId: id, updatedAt: 1, pull: 41, author, seenAt: Date.now() }) as const;
    const outsider = { about: 'outsider', organisation: 'coop', commit: COMMIT, visibility: 'all' } as const;
    await stand.intakes.record({ ...comment(901, own, 'eve'), outcome: { kind: 'reply', reply: outsider } });
    await stand.intakes.record({ ...comment(902, hidden, 'mallory'), outcome: { kind: 'reply', reply: outsider } });
    await stand.intakes.record({ ...comment(903, own, 'ann'), outcome: { kind: 'confused', why: 'her <b>word</b> is none' } });
    const text = await page('/requests');
    expect(text).toContain('<h1>1 waiting for a member’s word</h1>');
    expect(text).toContain(
      `/coop/hedgedoc/pulls/41" rel="noopener nofollow">hedgedoc #41</a></td><td><code>${COMMIT.slice(0, 8)}</code></td>`,
    );
    expect(text).toContain('her &lt;b&gt;word&lt;/b&gt; is none');
    expect(text).not.toContain('mallory');
  });
});
