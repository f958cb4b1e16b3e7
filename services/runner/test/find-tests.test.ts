import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { extraCount, findLocalTests, findTests, TestMisplaced } from '../src/tests/find.ts';

/** A folder with these files; those that begin with `#!` are executable. */
async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ccci-find-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
    if (content.startsWith('#!')) await chmod(join(folder, name), 0o755);
  }
  return folder;
}

describe('the tests of a recipe', () => {
  it('are told apart by name, and extra ones by folder, name or mark', async () => {
    const mark = '@pytest.mark.extra\ndef test_a(): ...\n\nclass TestB:\n    @pytest.mark.extra\n    def test_b(self): ...\n';
    const found = await findTests(
      await folderWith({
        'test_a.py': mark,
        'login_test.py': '# @pytest.mark.extra is spoken of here\n',
        'page.test.ts': '',
        'deep/test-it': '#!/bin/sh\n',
        'extra/test_load.py': '',
        'load.extra.test.ts': '',
        'extra/test-long.sh': '#!/bin/sh\n',
      }),
    );
    expect(found).toMatchObject({
      usual: { pytest: ['login_test.py', 'test_a.py'], vitest: ['page.test.ts'], programs: ['deep/test-it'] },
      extra: { pytest: ['extra/test_load.py'], vitest: ['load.extra.test.ts'], programs: ['extra/test-long.sh'] },
      marked: new Map([['test_a.py', 2]]),
    });
    expect(found && extraCount(found)).toBe(5);
  });

  it('of a step are not among the usual ones, but in a recipe itself, and deeper down', async () => {
    const files = { 'test_backup.py': '', 'deep/test_restore.py': '', 'recipe.yml': '' };
    const folder = await folderWith(files);
    expect(await findTests(folder)).toMatchObject({
      usual: { pytest: ['deep/test_restore.py'] },
      ofSteps: { backup: 'test_backup.py' },
      hasMore: true,
    });
    const recipe = await folderWith({ 'tests/test_backup.py': '' });
    expect(await findLocalTests(recipe)).toMatchObject({ usual: { pytest: ['test_backup.py'] }, ofSteps: {}, hasMore: false });
  });

  it('are not what is beside them', async () => {
    const beside = { 'README.md': '', 'helper.sh': '#!/bin/sh\n', 'conftest.py': '', 'latest.py': '', 'attest.ts': '' };
    const cached = { '__pycache__/test_a.py': '', 'node_modules/a/a.test.js': '', '.git/test_a.py': '' };
    const nothing = { pytest: [], vitest: [], programs: [] };
    expect(await findTests(await folderWith({ ...beside, ...cached }))).toMatchObject({ usual: nothing, extra: nothing });
  });

  it('are none where there is no folder', async () => {
    expect(await findTests('/nowhere/at/all')).toBeUndefined();
  });

  it('in a recipe are those of its own folder, never of one that it leads to', async () => {
    const recipe = await folderWith({ 'tests/test_a.py': '' });
    expect(await findLocalTests(recipe)).toMatchObject({ usual: { pytest: ['test_a.py'] } });
    const elsewhere = await folderWith({ 'README.md': '' });
    await symlink(join(recipe, 'tests'), join(elsewhere, 'tests'));
    expect(await findLocalTests(elsewhere)).toBeUndefined();
    expect(await findLocalTests(await folderWith({}))).toBeUndefined();
  });

  it('are refused where one would never run', async () => {
    const folder = await folderWith({ 'test_purge.sh': 'echo\n' });
    await expect(findTests(folder)).rejects.toThrow(TestMisplaced);
    await expect(findTests(folder)).rejects.toThrow('test_purge.sh is named like a test and is not executable');
  });
});
