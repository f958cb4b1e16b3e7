import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { environments } from '../environments.ts';
import { schemaFile } from './schema-file.ts';

const file = fileURLToPath(new URL('../../nix/modules/schema.nix', import.meta.url));

// By itself: while it is not current the modules may not even evaluate.
it('the Nix modules read the schema of the settings as the code has it', async () => {
  await expect(schemaFile(environments)).toMatchFileSnapshot(file);
});
