// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEnvSample } from '../src/env-sample.ts';
import { readRecipe } from '../src/recipe.ts';
import { checkout } from './checkout.ts';

const minimal = { '.env.sample': 'TYPE=wiki\nDOMAIN=wiki.example.com\n', 'compose.yml': 'services: {}\n' };
const read = async (files: Parameters<typeof checkout>[0]) => await readRecipe(await checkout({ ...minimal, ...files }), 'wiki');

describe('a recipe', () => {
  it('is read with its overlays, exports and release notes', async () => {
    const recipe = await read({
      '.env.sample': 'COMPOSE_FILE="compose.yml"\nCOMPOSE_FILE="$COMPOSE_FILE:db/compose.tune.yml"\n',
      'db/compose.tune.yml': 'services: {db: {}}\n',
      'abra.sh': 'export CONF_VERSION=v2\nexport AT=$(date)\n',
      'release/1.0.0+1.0': 'Nothing to do.',
      'release/.gitkeep': '',
    });
    expect(recipe.releaseNotes).toEqual({ '1.0.0+1.0': 'Nothing to do.' });
    expect(recipe).toMatchObject({
      name: 'wiki',
      composeFiles: ['compose.yml', 'db/compose.tune.yml'],
      sources: [{ text: 'services: {}\n' }, { text: 'services: {db: {}}\n' }],
      exports: { CONF_VERSION: 'v2' },
      exportsLeftOut: [{ name: 'AT', line: 2 }],
    });
  });

  it('is configured by the sample of an earlier release, COMPOSE_FILE included, where one is given', async () => {
    const folder = await checkout({
      ...minimal,
      '.env.sample': 'TYPE=wiki\nCOMPOSE_FILE=compose.yml:compose.new.yml\nCOLOUR=blue\n',
      'compose.new.yml': 'services: {}\n',
    });
    const before = parseEnvSample('TYPE=wiki\nCOLOUR=red\n');
    expect(await readRecipe(folder, 'wiki', { configured: before })).toMatchObject({
      composeFiles: ['compose.yml'],
      sample: before,
    });
  });

  it('needs neither abra.sh nor release notes nor COMPOSE_FILE', async () => {
    expect(await read({})).toMatchObject({ composeFiles: ['compose.yml'], exports: {}, releaseNotes: {} });
  });

  it('may link to files of its own', async () => {
    expect((await read({ 'abra.sh': { linkTo: 'ci/abra.sh' }, 'ci/abra.sh': 'export A=1' })).exports).toEqual({ A: '1' });
  });

  it('is known by its real folder', async () => {
    const folder = await checkout({ 'real/.env.sample': '', 'real/compose.yml': '', link: { linkTo: 'real' } });
    expect((await readRecipe(join(folder, 'link'), 'wiki')).folder).toBe(join(folder, 'real'));
  });

  it.each([
    ['has no .env.sample', { '.env.sample': { linkTo: 'nowhere' } }, '`.env.sample`: the file is missing'],
    ['has no compose.yml', { 'compose.yml': { linkTo: 'nowhere' } }, '`compose.yml`: the file is missing'],
    [
      'names an overlay that is not there',
      { '.env.sample': 'COMPOSE_FILE=compose.yml\nCOMPOSE_FILE=$COMPOSE_FILE:compose.smpt.yml' },
      '`.env.sample` line 2: `COMPOSE_FILE` names `compose.smpt.yml`, which is not in the recipe. Add the file, or correct its name in `COMPOSE_FILE`.',
    ],
    ['names an overlay beneath a file', { '.env.sample': 'COMPOSE_FILE=compose.yml/x' }, 'which is not in the recipe'],
    ['names a folder as overlay', { '.env.sample': 'COMPOSE_FILE=db', 'db/x': '' }, '`.env.sample` line 1: `db` is not a file.'],
    [
      'has a file of another encoding',
      { 'compose.yml': Uint8Array.of(0xff, 0xfe, 0x41, 0) },
      '`compose.yml`: `compose.yml` is not UTF-8 text.',
    ],
    ['has a compose file without end', { 'compose.yml': '#'.repeat(256_001) }, '`compose.yml` has more than 256 kB'],
    ['has a mistake in .env.sample', { '.env.sample': 'A="' }, '`.env.sample` line 1:'],
  ])('is unreadable when it %s', async (_, files, message) => await expect(read(files)).rejects.toThrow(message));

  it.each([
    ['.env.sample', { '.env.sample': { linkTo: '/etc/hostname' } }],
    ['compose.yml', { 'compose.yml': { linkTo: '../secret' }, '../secret': '' }],
    ['abra.sh', { 'abra.sh': { linkTo: '/etc/hostname' } }],
    ['a release note', { 'release/1.0.0+1': { linkTo: '/etc/hostname' } }],
    ['the folder of release notes', { release: { linkTo: '/etc/apt' } }],
    ['an overlay by ..', { '.env.sample': 'COMPOSE_FILE=../compose.yml' }],
    ['an overlay by an absolute path', { '.env.sample': 'COMPOSE_FILE=/etc/hostname' }],
    ['an overlay in a linked folder', { '.env.sample': 'COMPOSE_FILE=etc/hostname', etc: { linkTo: '/etc' } }],
    ['an overlay in .git', { '.env.sample': 'COMPOSE_FILE=.git/config', '.git/config': '' }],
  ])(
    'is refused when %s leads out of it',
    async (_, files) => await expect(read(files)).rejects.toThrow('leads out of the recipe'),
  );
});
