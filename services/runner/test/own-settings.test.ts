import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { onceUpgraded, readOwnSettings, timeoutsFor } from '../src/tests/own-settings.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

const read = async (files: Record<string, string>) => {
  const folder = await mkdtemp(join(tmpdir(), 'own-settings-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return await readOwnSettings(folder, 'wiki');
};
const recipeYml = (text: string) => read({ 'recipe.yml': text });

describe('cc-ci’s own settings of a recipe', () => {
  it('say nothing where there is no file', async () => {
    expect(await read({})).toMatchObject({ health: { path: '/' }, environment: {}, not_applicable: {}, overlay: undefined });
  });

  it('are what the files say; numbers and truths of an environment are text', async () => {
    const own = await read({
      'recipe.yml': 'health: { path: /api/health, statuses: [204] }\nenvironment: { DEBUG: true, WORKERS: 2 }',
      'compose.ccci.yml': 'services: { db: { healthcheck: { start_period: 15m } } }',
    });
    expect(own).toMatchObject({
      health: { path: '/api/health', statuses: [204] },
      environment: { DEBUG: 'true', WORKERS: '2' },
      overlay: { services: { db: { healthcheck: { start_period: '15m' } } } },
    });
  });

  it.each([
    [
      'a key with a typo',
      'enviroment: {}',
      'tests/wiki/recipe.yml:1:13 enviroment: not a known setting; did you mean environment?',
    ],
    [
      'a key inside a section',
      'health:\n  paht: /',
      'tests/wiki/recipe.yml:2:9 health.paht: not a known setting; did you mean path?',
    ],
    ['a path without its slash', 'health: { path: api }', 'health.path: read "api"; expected'],
    ['a step that is always made', 'not_applicable: { install: no }', 'not_applicable.install'],
    ['a step without a reason', 'not_applicable: { backup: "" }', 'expected a reason that people can read'],
    ['what is no YAML', 'a: [', 'tests/wiki/recipe.yml:1:5: read no YAML'],
  ])('refuse %s, with its place', async (_, text, said) => await expect(recipeYml(text)).rejects.toThrow(said));

  it('refuse an overlay that would hide the change under test', async () => {
    const own = read({ 'compose.ccci.yml': 'services:\n  app:\n    image: wiki:2\n' });
    await expect(own).rejects.toThrow('tests/wiki/compose.ccci.yml:3:12 services.app.image: not a known setting');
  });

  it('set further variables from the upgrade on', async () => {
    const own = await recipeYml('environment: { A: 1, B: 1 }\nupgrade_environment: { B: 2 }');
    expect(onceUpgraded(own).environment).toEqual({ A: '1', B: '2' });
  });

  it('change the times that they name', async () => {
    const usual = {
      run_minutes: 60,
      converge_minutes: 10,
      hold_seconds: 30,
      http_seconds: 300,
      pull_minutes: 15,
      cleanup_minutes: 5,
    };
    const own = await recipeYml('timeouts: { converge_minutes: 30 }');
    expect(timeoutsFor(usual, own)).toEqual({ ...usual, converge_minutes: 30 });
  });
});
