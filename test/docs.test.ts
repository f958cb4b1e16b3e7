import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Results } from '@cc-ci/shared/contract/results';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DoctorConfig, RecordsConfig, RunConfig, UpConfig } from '../packages/cli/src/config.ts';
import { Config as InfraConfig } from '../services/infra/src/config.ts';
import { Config as ReporterConfig } from '../services/reporter/src/config.ts';
import { Config as RunnerConfig } from '../services/runner/src/config.ts';
import { Config as TriggerConfig } from '../services/trigger/src/config.ts';
import { commandsPage } from './commands-page.ts';
import { settingsPage } from './settings-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Of docs/cases.md: those that what is built by now has to hold. */
const heldCases = [
  ...[1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33, 35, 37, 39, 41, 43, 45, 47, 49, 51, 53, 55, 57],
  ...[59, 61, 63, 65, 67, 69, 71, 75, 77, 79, 83, 85, 87, 89, 91, 107, 109, 111, 113, 115],
];

describe('the documentation', () => {
  it('lists every setting as the code reads it', async () => {
    const page = settingsPage([
      { title: '`ccci up`, all four services', schema: UpConfig },
      { title: '`ccci queue`, `runs`, `logs`, `drain` and `health`', schema: RecordsConfig },
      { title: '`ccci doctor`', schema: DoctorConfig },
      { title: '`ccci run`', schema: RunConfig },
      { title: 'trigger', schema: TriggerConfig },
      { title: 'runner', schema: RunnerConfig },
      { title: 'reporter', schema: ReporterConfig },
      { title: 'infra', schema: InfraConfig },
    ]);
    await expect(page).toMatchFileSnapshot(`${root}docs/settings.md`);
  });

  it('lists every command as the trigger reads it', async () => {
    await expect(commandsPage()).toMatchFileSnapshot(`${root}docs/commands.md`);
  });

  it('has the schema of results.json as the code writes it', async () => {
    const schema = `${JSON.stringify(z.toJSONSchema(Results), undefined, 2)}\n`;
    await expect(schema).toMatchFileSnapshot(`${root}docs/results.schema.json`);
  });

  it('names only files that are there', async () => {
    const pages = [
      'README.md',
      ...(await readdir(`${root}docs`)).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
    ];
    const texts = await Promise.all(pages.map((page) => readFile(`${root}${page}`, 'utf8')));
    const named = texts.flatMap((text) =>
      [...text.matchAll(/`((?:packages|services|test|toolchain|docs|nix)\/[\w./-]+)`/g)].map(([, path]) => path ?? ''),
    );
    const missing = await Promise.all(
      named.map((path) =>
        readdir(`${root}${path}`)
          .catch(() => readFile(`${root}${path}`))
          .then(
            () => [],
            () => [path],
          ),
      ),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(missing.flat()).toEqual([]);
  });

  it('names for each incident of the first cc-ci a test or a scenario that there is, or says why there is none', async () => {
    const rows = (await readFile(`${root}docs/incidents.md`, 'utf8')).matchAll(/^\| (\d+) +\| .+? +\| (.+?) +\|$/gm);
    const held = new Map([...rows].map(([, number, by = '']) => [Number(number), by]));
    expect([...held.keys()]).toEqual(Array.from({ length: 64 }, (_, index) => index + 1));
    const decisions = await readFile(`${root}docs/decisions.md`, 'utf8');
    const isHeld = async (number: number, by: string): Promise<boolean> => {
      if (by.startsWith('open: ')) return true;
      if (by.startsWith('argued in ')) return decisions.includes(`**Incident ${number}**`);
      const [, file, title = ''] = /^`(.+?)` “(.+)”$/.exec(by) ?? [];
      if (file !== undefined) return (await readFile(`${root}${file}`, 'utf8')).includes(`'${title}'`);
      const scenarios = [...by.matchAll(/scenario `([\w-]+)`/g)].map(([, name]) => name ?? '');
      const there = await readdir(`${root}test/scenarios`);
      return scenarios.length > 0 && scenarios.every((name) => there.includes(name));
    };
    const loose = await Promise.all(
      [...held].map(async ([number, by]) => ((await isHeld(number, by)) ? [] : [`${number}: ${by}`])),
    );
    expect(loose.flat()).toEqual([]);
    expect([...held.values()].filter((by) => by.startsWith('argued in ')).length).toBeLessThanOrEqual(8);
  });

  it('shows comments of scenarios that there are, each with what to do', async () => {
    const [, ...parts] = (await readFile(`${root}docs/comments.md`, 'utf8')).split(/^## /m);
    const named = parts.map((part) => /^.* \(`([\w-]+)`\)\n/.exec(part)?.[1]);
    const scenarios = await readdir(`${root}test/scenarios`);
    expect(named.filter((name) => name === undefined || !scenarios.includes(name))).toEqual([]);
    expect(new Set(named).size).toBeGreaterThanOrEqual(12);
    expect(parts.filter((part) => !/^```md\n\*\*.+?\*\*.*\n```\n\n\*\*What to do:\*\* .+/ms.test(part))).toEqual([]);
  });

  it('lists cases of which those that are held are named in a test', async () => {
    const page = await readFile(`${root}docs/cases.md`, 'utf8');
    const files = (await readdir(root, { recursive: true })).filter(
      (path) => /(?<!docs)\.test\.ts$/.test(path) && !path.includes('node_modules'),
    );
    const tests = (await Promise.all(files.map((path) => readFile(`${root}${path}`, 'utf8')))).join('\n');
    const listed = heldCases.filter((number) => new RegExp(`^- \\*\\*${number}\\*\\* `, 'm').test(page));
    expect(listed).toEqual(heldCases);
    expect(heldCases.filter((number) => !new RegExp(`\\bcase ${number}\\b`).test(tests))).toEqual([]);
  });
});
