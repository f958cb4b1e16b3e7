import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findHooks, noHooks } from '../src/tests/hooks.ts';

async function hooksIn(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'ccci-hooks-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return await findHooks(folder);
}

describe('the hooks of a recipe', () => {
  it('are those functions at the top of their files that a run calls', async () => {
    const ops = 'def pre_backup(ctx):\n    def pre_inner(): ...\n\n\ndef seed(): ...\n';
    const hooks = 'def backup_verify(ctx): ...\ndef _helper(): ...\n';
    expect(await hooksIn({ 'ops.py': ops, 'hooks.py': hooks })).toEqual({
      before: { backup: { file: 'ops.py', name: 'pre_backup' } },
      ready: undefined,
      backupVerified: { file: 'hooks.py', name: 'backup_verify' },
    });
  });

  it('are none where there are no files', async () => expect(await hooksIn({})).toEqual(noHooks));

  it.each([
    ['ops.py', 'def pre_upgrad(ctx): ...', 'ops.py has a function pre_upgrad, which nothing calls. Did you mean pre_upgrade?'],
    [
      'hooks.py',
      'def is_warm(ctx): ...',
      'hooks.py has a function is_warm, which nothing calls. There are ready_probe, backup_verify.',
    ],
  ])('of %s are refused where nothing calls them', async (file, text, said) => {
    await expect(hooksIn({ [file]: text })).rejects.toThrow(said);
  });
});
