import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scrub } from '../../src/service/scrub.ts';
import { secretFile } from '../../src/service/secret-file.ts';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cc-ci-secret-'));
  path = join(folder, 'token');
});
afterAll(() => rm(folder, { recursive: true }));

describe('a secret in a file', () => {
  it('is read without the newline at its end, and masked from then on', async () => {
    await writeFile(path, 'first-token-1234\n');
    expect(await secretFile(path)()).toBe('first-token-1234');
    expect(scrub('using first-token-1234')).toBe('using [secret]');
  });

  it('is read again when the file has changed', async () => {
    await writeFile(path, 'old-token-12345');
    const read = secretFile(path);
    expect(await read()).toBe('old-token-12345');
    await writeFile(path, 'new-token-12345');
    expect(await read()).toBe('new-token-12345');
  });

  it('of several lines is masked line by line, but for those that ordinary text has too (case 107)', async () => {
    await writeFile(path, '{\n  "private": "key-key-key"\n}\nok\n');
    await secretFile(path)();
    expect(scrub('it said: "private": "key-key-key"')).toBe('it said: [secret]');
    expect(scrub('{ "state": "ok" }')).toBe('{ "state": "ok" }');
  });

  it('is refused when it is too short to be masked, without being repeated', async () => {
    await writeFile(path, 'hunter2\n');
    const refusal = await secretFile(path)().catch(String);
    expect(refusal).toContain('read 7 characters; expected a secret of 8 characters or more');
    expect(refusal).not.toContain('hunter2');
  });

  it('is refused when the file is absent', async () => {
    await expect(secretFile(join(folder, 'absent'))()).rejects.toThrow(/absent: read nothing; expected a file/);
  });
});
