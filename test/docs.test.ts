import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UpConfig } from '../packages/cli/src/config.ts';
import { Config as InfraConfig } from '../services/infra/src/config.ts';
import { Config as ReporterConfig } from '../services/reporter/src/config.ts';
import { Config as RunnerConfig } from '../services/runner/src/config.ts';
import { Config as TriggerConfig } from '../services/trigger/src/config.ts';
import { settingsPage } from './settings-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the documentation', () => {
  it('lists every setting as the code reads it', async () => {
    const page = settingsPage([
      { title: '`ccci up`, all four services', schema: UpConfig },
      { title: 'trigger', schema: TriggerConfig },
      { title: 'runner', schema: RunnerConfig },
      { title: 'reporter', schema: ReporterConfig },
      { title: 'infra', schema: InfraConfig },
    ]);
    await expect(page).toMatchFileSnapshot(`${root}docs/settings.md`);
  });

  it('names only files that are there', async () => {
    const pages = [
      'README.md',
      ...(await readdir(`${root}docs`)).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
    ];
    const texts = await Promise.all(pages.map((page) => readFile(`${root}${page}`, 'utf8')));
    const named = texts.flatMap((text) =>
      [...text.matchAll(/`((?:packages|services|test|toolchain|docs)\/[\w./-]+)`/g)].map(([, path]) => path ?? ''),
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
});
