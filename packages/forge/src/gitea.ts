/** A forge that is a Gitea (1.21 and up) or a Forgejo: what forge.ts asks, in their routes. */
import { type Api, giteaApi } from 'gitea-js';
import type { ForgeHooks, ForgeReader, ForgeWriter } from './forge.ts';
import { giteaHooks } from './gitea-hooks.ts';
import { giteaReader } from './gitea-reader.ts';
import { giteaWriter } from './gitea-writer.ts';
import { forgeFetch, type Transport } from './transport.ts';

export interface GiteaOptions extends Partial<Transport> {
  /** Where the forge answers, such as `https://git.example.org`, with its sub-path if it has one. */
  url: string;
  token: () => Promise<string | undefined>;
}

const defaults = {
  /** Wrapped, so that whoever replaces the global one later is heard. */
  fetch: (...request: Parameters<typeof fetch>) => fetch(...request),
  /** Three times what a large pull request takes on a busy forge. */
  timeoutMs: 15_000,
  firstRetryMs: 500,
  /** A small forge serves other people too. */
  parallel: 4,
} satisfies Partial<Transport>;

/** What needs read rights. The token's scopes: read:issue, read:repository, read:organization, read:user. */
export function openGiteaReader(options: GiteaOptions): ForgeReader {
  return giteaReader(openGitea(options));
}

/** What the reporter needs. The token's scopes: write:issue, read:user, read:repository; for statuses write:repository. */
export function openGiteaWriter(options: GiteaOptions): ForgeWriter {
  return giteaWriter(openGitea(options));
}

/** What an administrator of repositories may do. The token's scope: write:repository. */
export function openGiteaHooks(options: GiteaOptions): ForgeHooks {
  return giteaHooks(openGitea(options));
}

function openGitea({ url, ...options }: GiteaOptions): Api<unknown> {
  return giteaApi<unknown>(url.replace(/\/+$/, ''), { customFetch: forgeFetch({ ...defaults, ...options }) });
}
