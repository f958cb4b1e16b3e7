import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSettings } from '../../src/service/settings-file.ts';

const Settings = z.strictObject({
  forge: z.strictObject({
    url: z.url().describe('Where the forge is'),
    token: z.string().min(20).optional(),
  }),
  schedules: z.strictObject({ sweep: z.string().nullable().default('0 3 * * *') }).prefault({}),
  apps: z
    .record(z.string(), z.strictObject({ owner: z.enum(['reconciler', 'maintainer']), replicas: z.int().default(1) }))
    .default({}),
  proxy: z.union([z.literal('none'), z.strictObject({ port: z.number() })]).default('none'),
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cc-ci-settings-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(...lines: string[]): Promise<unknown> {
  const path = join(folder, 'cc-ci.yml');
  await writeFile(path, lines.join('\n'));
  return readSettings(path, Settings).catch((error: Error) => error.message.replaceAll(`${folder}/`, ''));
}

describe('the settings file', () => {
  it('is read, with defaults for what is absent', async () => {
    expect(await read('forge:', '  url: https://git.example.org')).toEqual({
      forge: { url: 'https://git.example.org' },
      schedules: { sweep: '0 3 * * *' },
      apps: {},
      proxy: 'none',
    });
  });

  it('is refused with all mistakes at once, each with its line', async () => {
    const refusal = await read(
      'forge:',
      '  url: nowhere',
      '  tokn: x',
      '  token: short',
      'apps:',
      '  traefik: {owner: nobody, replicas: 1.5}',
    );
    expect(refusal).toBe(
      [
        'Nothing was started: 5 mistakes in cc-ci.yml.',
        '  cc-ci.yml:2:8 forge.url: read "nowhere"; expected a URL (Where the forge is)',
        '  cc-ci.yml:4:10 forge.token: read [secret]; expected string to have >=20 characters',
        '  cc-ci.yml:3:9 forge.tokn: not a known setting; did you mean token?',
        '  cc-ci.yml:6:20 apps.traefik.owner: read "nobody"; expected one of reconciler, maintainer',
        '  cc-ci.yml:6:38 apps.traefik.replicas: read 1.5; expected a whole number',
      ].join('\n'),
    );
  });

  it.each([
    [
      'names a setting that is missing, and the section it belongs to',
      ['forge: {}'],
      'cc-ci.yml:1:8 forge.url: not set; expected text',
    ],
    [
      'looks for the key that was meant in the right section',
      ['schedules:', '  sweeep: x'],
      'schedules.sweeep: not a known setting; did you mean sweep?',
    ],
    ['names what nothing is near to', ['colour: red'], 'cc-ci.yml:1:9 colour: not a known setting\n'],
    [
      'explains the alternative that was nearly met',
      ['proxy: {port: high}'],
      'cc-ci.yml:1:15 proxy.port: read "high"; expected a number',
    ],
    ['points to where the YAML is broken', ['forge: {url: x'], 'cc-ci.yml:1:'],
    [
      'refuses a key that is there twice',
      ['forge: {}', 'forge: {}'],
      'cc-ci.yml:2:1: read no YAML; expected YAML (Map keys must be unique)',
    ],
    ['refuses an empty file', [''], 'forge: not set'],
    [
      'refuses a file that multiplies itself',
      ['a: &a [1]', `b: [${'*a,'.repeat(50)}]`],
      'cc-ci.yml: read aliases; expected at most 20 uses of one',
    ],
  ])('%s', async (_, lines, expected) => expect(`${await read(...lines)}\n`).toContain(expected));

  it('is refused when it cannot be read', async () => {
    await expect(readSettings(join(folder, 'absent.yml'), Settings)).rejects.toThrow('absent.yml: read nothing; expected a file');
  });
});
