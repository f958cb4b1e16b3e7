import { createHash } from 'node:crypto';
import type { RunRequest } from '@cc-ci/shared/contract/run';
import { newRun } from '@cc-ci/shared/runs/new-run';
import { openHttp } from '@cc-ci/shared/service/http';
import { openLog } from '@cc-ci/shared/service/log';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ApiParts, serveApi } from '../src/api.ts';
import { apiToken, ask } from './ways.ts';

const head = 'a'.repeat(40);
const recipe = { id: 7, owner: 'coop', name: 'wiki' };

/** Asks an API whose forge has one pull request, from the repository with this id. */
async function asked(from: number | undefined, commit?: string) {
  const log = openLog({ service: 'trigger', instance: 'test', destination: { write: () => undefined } });
  const requests: RunRequest[] = [];
  const pull = {
    number: 3,
    state: 'open',
    htmlUrl: 'https://git.test/coop/wiki/pulls/3',
    head: { sha: head, repository: from === undefined ? undefined : { id: from } },
    base: { ref: 'main' },
  };
  const parts = {
    tokens: async () => [{ name: 'robot', scopes: ['runs'] as const, hash: createHash('sha256').update(apiToken).digest('hex') }],
    enrolled: async () => [
      {
        v: 1,
        repo: recipe,
        cloneUrl: 'https://git.test/coop/wiki.git',
        defaultBranch: 'main',
        private: false,
        seenAt: 0,
      } as const,
    ],
    forge: { pullRequest: async () => pull as never, pullCommits: async () => [head], branchHead: async () => head },
    runs: {
      create: async (request: RunRequest) => {
        requests.push(request);
        return { run: newRun('test', '8f3a2c', request, 0), created: true };
      },
      ofSubject: async () => [],
    },
    enqueue: async () => undefined,
    publicUrl: 'https://ci.test',
    now: () => 0,
  } satisfies ApiParts;
  const server = await openHttp({
    ...{ service: 'trigger', host: '127.0.0.1', port: 0, log, redis: { answers: () => true } },
    routes: (app) => serveApi(app, parts),
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const answer = await ask(server.url, { repository: 'coop/wiki', pull: 3, ...(commit !== undefined && { commit }) });
  return { ...answer, commits: requests.map((request) => request.commit) };
}

describe('the commit that the API tests', () => {
  it('is the head of a branch of the recipe’s own', async () => {
    expect(await asked(recipe.id)).toMatchObject({ status: 202, commits: [head] });
  });

  it.each([
    ['a fork', 9],
    ['a fork that is gone', undefined],
  ])('is never whatever is the head of %s by then', async (_, from) => {
    expect(await asked(from)).toMatchObject({ status: 422, body: { detail: expect.stringContaining(head) }, commits: [] });
    expect(await asked(from, head)).toMatchObject({ status: 202, commits: [head] });
  });
});
