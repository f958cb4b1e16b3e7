import { readFile, stat } from 'node:fs/promises';
import { knownSecret, MIN_SECRET_LENGTH } from './scrub.ts';
import { SettingsRefused } from './settings-refused.ts';

/**
 * A secret that lies in a file. Each call gives its present value: the file is read again when it has changed.
 * Whatever was read is masked in logs from then on. Rejects with SettingsRefused when the file cannot be read or its
 * value is too short to be masked.
 */
export function secretFile(path: string): () => Promise<string> {
  let last: { version: string; value: string } | undefined;
  return async () => {
    const version = await versionOf(path);
    if (last?.version === version) return last.value;
    const value = (await readFile(path, 'utf8').catch((cause: unknown) => unreadable(path, cause))).trimEnd();
    if (value.length < MIN_SECRET_LENGTH) {
      const expected = `a secret of ${MIN_SECRET_LENGTH} characters or more, since a shorter one cannot be masked in logs`;
      throw new SettingsRefused('a secret', [{ where: path, read: `${value.length} characters`, expected }]);
    }
    // A file may hold several, such as a key, or a new secret and the old one; each line of it may be said alone.
    for (const part of new Set([value, ...linesOf(value)])) if (part.length >= MIN_SECRET_LENGTH) knownSecret(part);
    last = { version, value };
    return value;
  };
}

/** Secrets on lines of their own in a file: the present one, and those that it replaces. See secretFile. */
export function rotatingSecretFile(path: string): () => Promise<string[]> {
  const read = secretFile(path);
  return async () => linesOf(await read());
}

function linesOf(value: string): string[] {
  return value.split('\n').flatMap((line) => line.trim() || []);
}

/** Changes whenever the file is written or replaced. */
async function versionOf(path: string): Promise<string> {
  const { mtimeNs, ino, size } = await stat(path, { bigint: true }).catch((cause: unknown) => unreadable(path, cause));
  return [mtimeNs, ino, size].join('-');
}

function unreadable(path: string, cause: unknown): never {
  throw new SettingsRefused(
    'a secret',
    [{ where: path, read: 'nothing', expected: 'a file that can be read and holds the secret' }],
    { cause },
  );
}
