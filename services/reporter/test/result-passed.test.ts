import type { Finding } from '@cc-ci/shared/contract/run';
import { describe, expect, it } from 'vitest';
import { resultText } from '../src/render/result.ts';
import { attempt, ended, PUBLIC_URL, proven, step } from './samples.ts';

const facts = { publicUrl: PUBLIC_URL, triggerWord: '!testme', reproCommand: null };

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
