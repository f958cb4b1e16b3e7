/** What goes into a path is checked first: the client library does not encode it, and `..` would climb to another route. */
import { ForgeRequestInvalid } from './errors.ts';
import { Name, type RepoRef } from './schema.ts';

/** A checked repository as path parts, and as people write it. */
export interface Address {
  owner: string;
  name: string;
  text: string;
}

/** Throws `ForgeRequestInvalid` when owner or name must not enter a path. */
export function addressOf(ref: RepoRef): Address {
  const owner = checkedName('owner', ref.owner);
  const name = checkedName('repository', ref.name);
  return { owner, name, text: `${owner}/${name}` };
}

/** A name of Gitea's alphabet, or `ForgeRequestInvalid`. */
export function checkedName(what: string, value: string): string {
  const parsed = Name.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ForgeRequestInvalid(
    `${what} ${JSON.stringify(value.slice(0, 100))}`,
    parsed.error.issues.map((issue) => issue.message).join(', '),
  );
}

/** A positive whole number, or `ForgeRequestInvalid`. */
export function checkedNumber(what: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new ForgeRequestInvalid(`${what} ${value}`, 'a positive whole number is needed');
}

/** A commit id, or `ForgeRequestInvalid`. */
export function checkedSha(value: string): string {
  if (/^[0-9a-f]{7,64}$/.test(value)) return value;
  throw new ForgeRequestInvalid(`commit ${JSON.stringify(value.slice(0, 100))}`, 'a commit id in hexadecimal is needed');
}

/** A branch name for a path, each part encoded, or `ForgeRequestInvalid` for what git itself would not take. */
export function checkedBranch(value: string): string {
  const parts = value.split('/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  if (parts.every((part) => part !== '' && !part.startsWith('.')) && !/[\u0000- \u007f~^:?*[\\]|\.\.|@\{/.test(value))
    return parts.map(encodeURIComponent).join('/');
  throw new ForgeRequestInvalid(`branch ${JSON.stringify(value.slice(0, 100))}`, 'a branch name as git allows it is needed');
}
