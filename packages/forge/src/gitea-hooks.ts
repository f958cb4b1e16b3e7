import type { Api } from 'gitea-js';
import { z } from 'zod';
import { addressOf, checkedNumber } from './address.ts';
import { expectStatus, parseBody, totalOf } from './answer.ts';
import type { ForgeHooks } from './forge.ts';
import { absentIfNotFound } from './gitea-reader.ts';
import { allPages, PAGE_SIZE } from './paging.ts';
import { Hook, type HookState, type RepoRef } from './schema.ts';

/** Gitea's webhooks, one function per use. */
export function giteaHooks(api: Api<unknown>): ForgeHooks {
  return {
    hooks: (ref) => hooks(api, ref),
    createHook: (ref, state, secret) => createHook(api, ref, state, secret),
    editHook: (ref, id, state) => editHook(api, ref, id, state),
    deleteHook: (ref, id) => deleteHook(api, ref, id),
  };
}

async function hooks(api: Api<unknown>, ref: RepoRef): Promise<Hook[]> {
  const { owner, name, text } = addressOf(ref);
  return allPages(
    async (page) => {
      const answer = await api.repos.repoListHooks(owner, name, { page, limit: PAGE_SIZE });
      return { items: parseBody(`hooks of ${text}`, answer, z.array(Hook)), total: totalOf(answer) };
    },
    (hook) => hook.id,
  );
}

async function createHook(api: Api<unknown>, ref: RepoRef, state: HookState, secret: string): Promise<Hook> {
  const { owner, name, text } = addressOf(ref);
  const about = `new hook of ${text}`;
  const { url, events, active } = state;
  const config = { url, content_type: 'json', secret };
  const answer = await api.repos.repoCreateHook(owner, name, { type: 'gitea', config, events: [...events], active });
  // 200 would be the list of hooks, where a redirect turned the request into a question.
  expectStatus(about, answer, 201);
  return parseBody(about, answer, Hook);
}

async function editHook(api: Api<unknown>, ref: RepoRef, hookId: number, state: HookState): Promise<Hook> {
  const { owner, name, text } = addressOf(ref);
  const id = checkedNumber('hook', hookId);
  const about = `hook ${id} of ${text}`;
  const { url, events, active } = state;
  // The whole of it: what is left out goes back to nothing.
  const config = { url, content_type: 'json' };
  const answer = await api.repos.repoEditHook(owner, name, id, { config, events: [...events], active });
  expectStatus(about, answer, 200);
  return parseBody(about, answer, Hook);
}

async function deleteHook(api: Api<unknown>, ref: RepoRef, hookId: number): Promise<void> {
  const { owner, name, text } = addressOf(ref);
  const id = checkedNumber('hook', hookId);
  const answer = await absentIfNotFound(api.repos.repoDeleteHook(owner, name, id));
  if (answer) expectStatus(`deleted hook ${id} of ${text}`, answer, 204);
}
