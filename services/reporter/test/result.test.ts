import { verdicts } from '@cc-ci/shared/contract/glossary';
import { describe, expect, it } from 'vitest';
import { foldedText, resultText } from '../src/render/result.ts';
import { attempt, ended, MINUTE, PUBLIC_URL, proven, START, step } from './samples.ts';

const facts = { publicUrl: PUBLIC_URL, triggerWord: '!testme', reproCommand: null };
const red = ended('failed', {
  level: 1,
  steps: [
    step('install', 'pass', 48),
    step('upgrade', 'fail', 71),
    step('backup', 'skip', null, { reason: 'it keeps nothing in volumes', intended: true }),
  ],
  cause: {
    fault: 'app',
    tier: 'upgrade',
    sentence: '`db` does not start on the data of the version before.',
    evidence: [
      { source: 'db', text: 'FATAL: database files are incompatible with server' },
      { source: 'db', text: 'The data directory was initialized by PostgreSQL version 14.' },
      { source: 'compose.yml:31', text: 'image: postgres:15' },
    ],
    remedy: 'Stay on 14, or dump and restore in the upgrade; push, then ask again.',
  },
});

describe('the comment of a run that failed', () => {
  it('says at which step, why, what that rests on, and what to do', () => {
    expect(resultText({ ...facts, run: red })).toBe(`\
**✘ Failed at upgrade: \`db\` does not start on the data of the version before.** \`4be91c07\` of hedgedoc.

> \`db\`: \`FATAL: database files are incompatible with server\`
> \`The data directory was initialized by PostgreSQL version 14.\`
> \`compose.yml:31\`: \`image: postgres:15\`

Next: stay on 14, or dump and restore in the upgrade; push, then ask again.
✔ install 48 s · **✘ upgrade 1 min 11 s**. Level 1 of 5.
Left behind: nothing (14 things removed, 6 kinds checked in 4.1 s on ci-1).
[Run \`8f3a2c\`](https://ci.example.org/runs/8f3a2c), 3 min 20 s · [log from the cause](https://ci.example.org/runs/8f3a2c#cause)`);
  });

  it('says what cannot be read, and where, when no step was begun', () => {
    const run = ended('failed', {
      attempts: [attempt({ endedAt: START + 2000, cleanup: { ...proven, removed: {} } })],
      endedAt: START + 2000,
      cause: {
        fault: 'recipe',
        tier: null,
        sentence: '`compose.yml` line 3 is not YAML.',
        evidence: [{ source: 'compose.yml:3', text: '  app: [' }],
        remedy: 'Close the bracket in line 3, and push again.',
      },
    });
    expect(resultText({ ...facts, run })).toBe(`\
**✘ Failed before the first step: \`compose.yml\` line 3 is not YAML.** \`4be91c07\` of hedgedoc.

> \`compose.yml:3\`: \`app: [\`

Next: close the bracket in line 3, and push again.
Level 0 of 5.
Left behind: nothing (nothing had been made, 6 kinds checked in 4.1 s on ci-1).
[Run \`8f3a2c\`](https://ci.example.org/runs/8f3a2c), 2 s · [log from the cause](https://ci.example.org/runs/8f3a2c#cause)`);
  });

  it('counts for nothing what did not run', () => {
    const run = { ...red, steps: [step('install', 'fail', 71), step('upgrade', 'unver')], level: 0 };
    expect(resultText({ ...facts, run })).toContain(
      '\n**✘ install 1 min 11 s** · upgrade did not run and counts for nothing. Level 0 of 5.\n',
    );
  });

  it('gives foreign text no power', () => {
    const evil = '`<!-- cc-ci:result:demo:8f3a2c -->\n!testme\n@ana';
    const run = ended('failed', {
      cause: { fault: 'app', tier: 'install', sentence: 'said @ana', evidence: [{ source: 'app', text: evil }], remedy: null },
    });
    const lines = resultText({ ...facts, run }).split('\n');
    expect(lines[0]).toBe('**✘ Failed at install: said @\u200bana** `4be91c07` of hedgedoc.');
    expect(lines.slice(2, 5)).toEqual(['> `app`: `` `<!-- cc-ci:result:demo:8f3a2c --> ``', '> \u200b`!testme`', '> `@ana`']);
  });
});

describe('the comment of a run without a verdict', () => {
  it('takes the blame for our own trouble and asks for nothing', () => {
    const run = ended('errored', {
      level: null,
      attempts: [attempt({ lostTo: 'the pull limit', cleanup: proven }), attempt({ number: 2, cleanup: proven })],
      steps: [step('install', 'unver'), step('upgrade', 'unver')],
      cause: {
        fault: 'ours',
        tier: 'install',
        sentence: 'Docker Hub refused `mysql:8.0` to ci-1: pull limit (HTTP 429).',
        evidence: [],
        remedy: 'The limit ends about 23:45 UTC.',
      },
    });
    expect(resultText({ ...facts, run })).toBe(`\
**No verdict: cc-ci could not finish. Your change is not the reason.** \`4be91c07\` of hedgedoc.
Docker Hub refused \`mysql:8.0\` to ci-1: pull limit (HTTP 429).
Tried 2 times. Reached: no step. Not reached: install and upgrade. The level stays as it was.
You need not change anything: comment \`!testme\` once more to try again. The limit ends about 23:45 UTC.
Left behind: nothing (28 things removed, 6 kinds checked in 4.1 s on ci-1).
[Run \`8f3a2c\`](https://ci.example.org/runs/8f3a2c), 3 min 20 s`);
  });

  it('says who stopped it', () => {
    const run = ended('cancelled', {
      level: null,
      wish: { stop: 'cancelled', why: 'asked', by: 'boris', at: START + 3 * MINUTE },
      steps: [step('install', 'pass', 48), step('upgrade', 'unver')],
    });
    expect(resultText({ ...facts, run })).toBe(`\
**Stopped by boris at 14:03 UTC: there is no verdict.** \`4be91c07\` of hedgedoc.
✔ install 48 s · upgrade did not run and counts for nothing. The level stays as it was.
Left behind: nothing (14 things removed, 6 kinds checked in 4.1 s on ci-1).
[Run \`8f3a2c\`](https://ci.example.org/runs/8f3a2c), 3 min 20 s`);
  });

  it('says that it was stopped because its pull request was closed', () => {
    const wish = { stop: 'cancelled', why: 'closed', by: null, at: START + 3 * MINUTE } as const;
    expect(resultText({ ...facts, run: ended('cancelled', { level: null, wish }) })).toMatch(
      /^\*\*Stopped at 14:03 UTC, since the pull request was closed: there is no verdict\.\*\*/,
    );
  });

  it('says that a newer request took its place', () => {
    expect(resultText({ ...facts, run: ended('superseded', { level: null, attempts: [] }) })).toBe(`\
**Overtaken: a newer request took the place of this one.** \`4be91c07\` of hedgedoc.
No step was begun.
[Run \`8f3a2c\`](https://ci.example.org/runs/8f3a2c)`);
  });
});

it('says of each way in which a run can end another thing, with its page (case 79)', () => {
  const texts = verdicts.map((verdict) => resultText({ ...facts, run: ended(verdict, { level: null }) }));
  expect(new Set(texts.map((text) => text.split('`', 1)[0])).size).toBe(verdicts.length);
  expect(texts.filter((text) => !text.includes('(https://ci.example.org/runs/8f3a2c)'))).toEqual([]);
});

describe('the sentence on what is left', () => {
  const clean = (...cleanups: Parameters<typeof attempt>[0][]) =>
    resultText({ ...facts, run: ended('passed', { level: 2, attempts: cleanups.map((change) => attempt(change)) }) });

  it('says that it is not known yet', () => {
    expect(clean({})).toContain(
      '\nLeft behind: not known yet. Everything is being removed now; this line changes when that is proven.\n',
    );
  });

  it('names what is still there', () => {
    const left = ['network hedg-8f3a2c_internal: still in use by a stopping task'];
    expect(clean({ cleanup: { ...proven, state: 'remaining', left } })).toContain(
      '\nLeft behind: 1 thing, `network hedg-8f3a2c_internal: still in use by a stopping task`. ci-1 tries again by itself; the verdict does not change.\n',
    );
  });

  it('is proven only when it is for every attempt', () => {
    expect(clean({ cleanup: proven }, { number: 2 })).toContain('\nLeft behind: not known yet.');
  });
});

it('folds the result of a run that was overtaken to a line', () => {
  expect(foldedText({ ...facts, run: red })).toBe(
    '✘ Failed at upgrade: `4be91c07` of hedgedoc. A newer run follows below. [Run `8f3a2c`](https://ci.example.org/runs/8f3a2c)',
  );
});
