import { describe, expect, it } from 'vitest';
import { waitingOf } from '../src/queue-place.ts';
import { progressText } from '../src/render/progress.ts';
import { attempt, MINUTE, PUBLIC_URL, request, run, SECOND, START, step } from './samples.ts';

const usual = { shortest: 4 * MINUTE, longest: 6 * MINUTE, count: 3 };
const facts = {
  now: START + 161 * SECOND,
  usual,
  waiting: { before: [], runnersUp: 1 },
  publicUrl: PUBLIC_URL,
  triggerWord: '!testme',
};
const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

describe('the comment of a run that goes on', () => {
  const running = run({
    state: 'running',
    attempts: [attempt()],
    steps: [step('install', 'pass', 48), step('upgrade', 'running', null, { startedAt: START + 138 * SECOND })],
    doing: { what: 'waiting for `app` to be healthy', since: START, until: START + 9 * MINUTE },
  });

  it('says what is tested, how far it is, and what it waits for', () => {
    expect(progressText({ ...facts, run: running })).toBe(`\
**Testing \`4be91c07\` of hedgedoc: upgrade, step 2 of 2.** 2 min 41 s so far; usually 4 to 6 min here.
Asked by boris. The commit is the head of the pull request at the moment of the comment.

✔ install 48 s · **▸ upgrade 23 s** · clean-up
Now: waiting for \`app\` to be healthy (allowed until 14:09 UTC).

[Live log](https://ci.example.org/runs/8f3a2c). To stop, comment \`!testme cancel\`.
You can close this page; the result comes as a new comment.`);
  });

  it('gives no estimate for a recipe that never passed', () => {
    expect(firstLine(progressText({ ...facts, usual: undefined, run: running }))).toBe(
      '**Testing `4be91c07` of hedgedoc: upgrade, step 2 of 2.** 2 min 41 s so far.',
    );
  });

  it('says that it gets ready before the steps are known', () => {
    const early = run({ state: 'running', attempts: [attempt()] });
    expect(firstLine(progressText({ ...facts, run: early }))).toContain('of hedgedoc: getting ready.** 2 min 41 s so far');
  });

  it('says that an attempt was lost, and that the change is not the reason', () => {
    const again = run({ attempts: [attempt({ lostTo: 'the runner was stopped' })] });
    expect(progressText({ ...facts, run: again })).toContain(
      '\nAttempt 2 is to come: the one before ended through our own trouble (the runner was stopped). Your change is not the reason.\n',
    );
  });
});

describe('the comment of a run that is queued', () => {
  const running = run({ id: 'aaaaaa', state: 'running', attempts: [attempt()], request: request({ recipe: 'keycloak' }) });
  const earlier = run({ id: 'bbbbbb', createdAt: START - 1, request: request({ recipe: 'ghost' }) });
  const later = run({ id: 'cccccc', createdAt: START + 1, request: request({ recipe: 'pad' }) });

  it('says its place, and what comes first with the time that is left of it', () => {
    const waiting = waitingOf(run(), [later, run(), earlier, running], 1, (recipe) => (recipe === 'ghost' ? undefined : usual));
    expect(firstLine(progressText({ ...facts, run: run(), waiting }))).toBe(
      '**Queued, third in line: `4be91c07` of hedgedoc.** Before it: keycloak (1 to 4 min left), ghost.',
    );
  });

  it('says that it starts soon when nothing is before it', () => {
    expect(firstLine(progressText({ ...facts, run: run() }))).toBe(
      '**Queued, first in line: `4be91c07` of hedgedoc.** It starts as soon as a runner takes it.',
    );
  });

  it('says that no runner is up, and since when it waits (case 67)', () => {
    expect(firstLine(progressText({ ...facts, run: run(), waiting: { before: [], runnersUp: 0 } }))).toBe(
      '**Queued: `4be91c07` of hedgedoc waits for a runner, and none is up.** Waiting since 14:00 UTC; it starts by itself when one comes.',
    );
  });
});
