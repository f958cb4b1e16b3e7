import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

const biome = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url));
const configuration = fileURLToPath(new URL('../biome.json', import.meta.url));

/** What the linter says with this project's configuration of a checkout that holds just this file. */
async function lint(path: string, text: string): Promise<string> {
  const checkout = await mkdtemp(join(tmpdir(), 'ccci-boundaries-'));
  try {
    const { vcs: _, ...settings } = JSON.parse(await readFile(configuration, 'utf8'));
    await writeFile(join(checkout, 'biome.json'), JSON.stringify(settings));
    await mkdir(dirname(join(checkout, path)), { recursive: true });
    await writeFile(join(checkout, path), `${text}\n`);
    const { all } = await execa(process.execPath, [biome, 'lint', '--colors=off', path], {
      cwd: checkout,
      reject: false,
      all: true,
    });
    return all;
  } finally {
    await rm(checkout, { recursive: true });
  }
}

const restricted = 'lint/style/noRestrictedImports';
const environment = 'lint/style/noProcessEnv';

describe('npm run check is red', () => {
  it.each([
    ['a service imports another one', 'services/trigger/src/planted.ts', "import '@cc-ci/runner/service';", restricted],
    [
      'a service imports another one by path',
      'services/trigger/src/planted.ts',
      "import '../../../services/runner/src/run.ts';",
      restricted,
    ],
    [
      'a service imports its neighbour by path',
      'services/trigger/src/planted.ts',
      "import '../../runner/src/run.ts';",
      restricted,
    ],
    [
      'a service imports the forge double',
      'services/reporter/src/planted.ts',
      "import '@cc-ci/forge-double/double';",
      restricted,
    ],
    ['a service imports the bare machine', 'services/runner/src/planted.ts', "import '@cc-ci/machine/machine';", restricted],
    ['a package imports a service', 'packages/deploy/src/planted.ts', "import '@cc-ci/runner/service';", restricted],
    [
      'BullMQ is spoken outside shared/service',
      'services/runner/src/planted.ts',
      "import { Queue } from 'bullmq'; new Queue('x');",
      restricted,
    ],
    [
      'BullMQ is spoken in the records',
      'packages/shared/src/runs/planted.ts',
      "import { Queue } from 'bullmq'; new Queue('x');",
      restricted,
    ],
    ['BullMQ is spoken in a test', 'test/planted.ts', "import { Queue } from 'bullmq'; new Queue('x');", restricted],
    ['recipes run commands', 'packages/recipes/src/planted.ts', "import { execa } from 'execa'; void execa('true');", restricted],
    ['recipes run commands with what Node brings', 'packages/recipes/src/planted.ts', "import 'node:child_process';", restricted],
    ['recipes know the engine', 'packages/recipes/src/planted.ts', "import 'dockerode';", restricted],
    ['the contract imports more than zod', 'packages/shared/src/contract/planted.ts', "import 'ioredis';", restricted],
    ['the contract imports the records', 'packages/shared/src/contract/planted.ts', "import '../runs/next.ts';", restricted],
    [
      'the environment is read outside config.ts',
      'services/trigger/src/planted.ts',
      'export const home = process.env.HOME;',
      environment,
    ],
    [
      'a promise is left floating',
      'services/trigger/src/planted.ts',
      'async function f(): Promise<void> {}\nf();',
      'noFloatingPromises',
    ],
    ['a type is switched off', 'packages/forge/src/planted.ts', 'export const x: any = 1;', 'noExplicitAny'],
  ])('when %s', async (_, path, text, rule) => {
    expect(await lint(path, text)).toContain(rule);
  });

  it.each([
    ['the environment in a config.ts', 'services/trigger/src/config.ts', 'export const home = process.env.HOME;'],
    ['zod in the contract', 'packages/shared/src/contract/planted.ts', "import { z } from 'zod';\nexport const X = z.string();"],
    ['a neighbour within the contract', 'packages/shared/src/contract/planted.ts', "export { RunId } from './ids.ts';"],
    ['BullMQ in shared/service', 'packages/shared/src/service/planted.ts', "export { Queue } from 'bullmq';"],
    [
      'the forge double in the CLI',
      'packages/cli/src/planted.ts',
      "export { startForgeDouble } from '@cc-ci/forge-double/double';",
    ],
  ])('but not for %s', async (_, path, text) => {
    const said = await lint(path, text);
    expect(said).toContain('Checked 1 file');
    expect(said).not.toMatch(/noRestrictedImports|noProcessEnv/);
  });
});
