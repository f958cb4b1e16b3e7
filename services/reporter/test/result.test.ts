import type { Finding } from '@cc-ci/shared/contract/run';
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

describe('the comment of a run that passed', () => {
  it('says what the recipe does, how far that goes, and that nothing is left', () => {
    const run = ended('passed', {
      level: 3,
      steps: [
        step('install', 'pass', 48),
        step('upgrade', 'pass', 52, { note: 'from `2.1.0+1.10.0`; data still there in 2 of 2 volumes' }),
        step('backup', 'pass', 6, { note: '7 files saved' }),
        step('restore', 'pass', 31, { note: 'data back in 2 of 2 volumes' }),
      ],
    });
    expect(resultText({ ...facts, run })).toBe(`\
**✔ Passed: \`4be91c07\` of hedgedoc installs, upgrades and gives its data back.**
Level 3 of 5.

| install | upgrade | backup | restore |
|---|---|---|---|
| ✔ 48 s | ✔ 52 s, from \`2.1.0+1.10.0\`; data still there in 2 of 2 volumes | ✔ 6 s, 7 files saved | ✔ 31 s, data back in 2 of 2 volumes |

Left behind: nothing (14 things removed, 6 kinds checked in 4.1 s on ci-1).
[Run \`8f3a2c\`](https://ci.example.org/runs/8f3a2c), 3 min 20 s`);
  });

  it('says what lint asks for, and that it decides no verdict', () => {
    const finding = (rule: string, remedy: string, severity: Finding['severity'] = 'error'): Finding => ({
      rule,
      severity,
      file: 'compose.smtp.yml',
      line: 4,
      problem: 'x',
      remedy,
    });
    const withFindings = (...findings: Finding[]): string => {
      const lint = step('lint', 'fail', 0, { note: '1 error', findings });
      return resultText({
        ...facts,
        run: ended('passed', { level: 4, amber: true, steps: [lint, step('install', 'pass', 48)] }),
      });
    };
    const text = withFindings(finding('R011', 'give `sidekiq` in `compose.smtp.yml` an image'), finding('R002', 'no', 'warning'));
    expect(text).toMatch(/^\*\*✔ Passed: `4be91c07` of hedgedoc installs\.\*\*\n/);
    expect(text).toContain('\n| ✘ 1 error | ✔ 48 s |\n');
    expect(text).toContain(
      '\nTo reach level 5: give `sidekiq` in `compose.smtp.yml` an image (lint R011). Lint does not decide the verdict.\n',
    );
    expect(withFindings(...['a', 'b', 'c', 'd', 'e'].map((remedy) => finding('R012', remedy)))).toContain(
      'To reach level 5: a (lint R012), b (lint R012), c (lint R012) and 2 more on the page of the run.',
    );
  });

  it('says that there are extra tests, and how to ask for them', () => {
    const extra = step('extra', 'skip', null, { reason: 'not asked for', intended: true, note: '2 extra tests' });
    const text = resultText({ ...facts, run: ended('passed', { level: 1, steps: [step('install', 'pass', 48), extra] }) });
    expect(text).toContain('\n| install |\n');
    expect(text).toContain('\nNot asked for: 2 extra tests (`!testme --extra-tests`).\n');
  });

  it('of a part says that it was one, and shows no other steps', () => {
    const rest = step('custom', 'skip', null, { reason: 'not asked for', intended: true });
    const text = resultText({ ...facts, run: ended('passed', { level: null, steps: [step('install', 'pass', 48), rest] }) });
    expect(text).toMatch(/^\*\*✔ Passed: .*\*\*\nOnly a part was tested, so the level stays as it was\.\n\n\| install \|\n/);
    expect(text).not.toContain('Not asked for');
  });

  it('has a gap when lint broke off', () => {
    const lint = step('lint', 'unver', null, { reason: 'it broke off' });
    const run = ended('passed', { level: 1, amber: true, steps: [lint, step('install', 'pass', 48)] });
    expect(resultText({ ...facts, run })).toMatch(/^\*\*◐ Passed, with a gap: .* Not tested: lint, since it broke off\.\n/);
  });

  it('does not say that it upgrades when there was nothing to upgrade, and says that images were stand-ins', () => {
    const run = ended('passed', {
      level: 2,
      standIns: true,
      steps: [
        step('install', 'pass', 48),
        step('upgrade', 'pass', 3, { note: 'nothing to upgrade' }),
        step('backup', 'skip', null, { reason: 'it keeps nothing in volumes', intended: true }),
        step('restore', 'skip', null, { reason: 'it keeps nothing in volumes', intended: true }),
      ],
    });
    expect(resultText({ ...facts, run })).toBe(`\
**✔ Passed: \`4be91c07\` of hedgedoc installs; there was nothing to upgrade.**
Level 2 of 5.

| install | upgrade | backup | restore |
|---|---|---|---|
| ✔ 48 s | ✔ 3 s, nothing to upgrade | ○ skipped: it keeps nothing in volumes | ○ skipped: it keeps nothing in volumes |

Left behind: nothing (14 things removed, 6 kinds checked in 4.1 s on ci-1).
Tested with stand-in images: this shows how cc-ci works, it says nothing of the real app.
[Run \`8f3a2c\`](https://ci.example.org/runs/8f3a2c), 3 min 20 s`);
  });

  it('says which attempt it is of, and why the one before ended', () => {
    const lost = attempt({ lostTo: 'the runner went silent', cleanup: proven });
    const run = ended('passed', { attempts: [lost, attempt({ number: 2, cleanup: proven })] });
    expect(resultText({ ...facts, run })).toContain(
      '\nThis is of attempt 2. The attempt before ended through our own trouble: the runner went silent.\n',
    );
  });

  it('is amber when a step was skipped, and says which and why in the first line', () => {
    const run = ended('passed', {
      level: 1,
      amber: true,
      steps: [
        step('install', 'pass', 48),
        step('upgrade', 'skip', null, { reason: 'there is no earlier version to upgrade from' }),
      ],
    });
    expect(resultText({ ...facts, run })).toBe(`\
**◐ Passed, with a gap: \`4be91c07\` of hedgedoc installs.** Not tested: upgrade, since there is no earlier version to upgrade from.
Level 1 of 5.

| install | upgrade |
|---|---|
| ✔ 48 s | ○ skipped: there is no earlier version to upgrade from |

Left behind: nothing (14 things removed, 6 kinds checked in 4.1 s on ci-1).
[Run \`8f3a2c\`](https://ci.example.org/runs/8f3a2c), 3 min 20 s`);
  });

  it('says once why two steps were skipped, and nothing of those that had nothing to test', () => {
    const [skip, why] = ['skip', { reason: 'no service has the label `backupbot.backup=true`' }] as const;
    const run = ended('passed', {
      amber: true,
      steps: [
        step('install', 'pass', 48),
        step('upgrade', skip, null, { reason: 'it is new', intended: true }),
        step('backup', skip, null, why),
        step('restore', skip, null, why),
      ],
    });
    expect(resultText({ ...facts, run }).split('\n')[0]).toBe(
      '**◐ Passed, with a gap: `4be91c07` of hedgedoc installs.** Not tested: backup and restore, since no service has the label `backupbot.backup=true`.',
    );
  });

  it('says once in a line of steps why two were skipped', () => {
    const [skip, why] = ['skip', { reason: 'nothing says what to save' }] as const;
    const steps = [step('install', 'fail', 48), step('backup', skip, null, why), step('restore', skip, null, why)];
    expect(resultText({ ...facts, run: ended('failed', { steps }) })).toContain(
      '\n**✘ install 48 s** · ○ backup and restore skipped (nothing says what to save). Level',
    );
  });

  it('ends with the command that repeats it, where the settings have one', () => {
    const run = ended('passed', { level: 2, steps: [step('install', 'pass', 48)] });
    const text = resultText({ ...facts, run, reproCommand: 'ccci run {recipe}@{commit}' });
    expect(text).toContain('\nOn your machine: `ccci run hedgedoc@4be91c07d4a1f09b2c3d4e5f60718293a4b5c6d7`');
  });
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
The limit ends about 23:45 UTC.
You need not change anything: comment \`!testme\` once more to try again.
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
