import { describe, expect, it } from 'vitest';
import { ownerLabels } from '../src/labels.ts';
import { removeApp } from '../src/removal.ts';
import { engineThat } from './engine-that.ts';

const app = { stack: 'hedg-1', owner: { instance: 'i', host: 'h', run: 'r', attempt: 1 } };
const Labels = ownerLabels(app);
const network = { Id: 'n1', Name: 'hedg-1_default', Labels };
const task = {
  ID: 't1',
  CreatedAt: '2026-01-01T00:00:00Z',
  Spec: { ContainerSpec: { Labels } },
  DesiredState: 'remove',
  Status: { State: 'preparing', Timestamp: '2026-01-01T00:00:00Z' },
};

/** What is left when a removal is told to give up as soon as the engine has been asked `last`. It refuses to remove any network. */
async function leftWhenAborted({ networks = [], tasks = [], last }: { networks?: object[]; tasks?: object[]; last: string }) {
  const lists: Record<string, unknown> = { '/networks': networks, '/tasks': tasks, '/volumes': { Volumes: null } };
  const giveUp = new AbortController();
  await using given = await engineThat(({ method, url = '' }, response) => {
    const path = url.split('?')[0] ?? '';
    const refused = method === 'DELETE';
    const answer = refused ? { message: 'network has active endpoints' } : (lists[path] ?? []);
    response.writeHead(refused ? 403 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    if (`${method} ${path}` === last) giveUp.abort();
  });
  return (await removeApp(given.engine, app, giveUp.signal)).left;
}

describe('a removal that has to give up', () => {
  it('names what is left and why', async () => {
    expect(await leftWhenAborted({ networks: [network], last: 'DELETE /networks/n1' })).toEqual([
      { kind: 'networks', name: 'hedg-1_default', why: 'the engine said: network has active endpoints' },
    ]);
  });

  it('is not proven while Swarm may still start a container (case 41)', async () => {
    expect(await leftWhenAborted({ tasks: [task], last: 'GET /tasks' })).toMatchObject([{ kind: 'containers' }]);
  });
});
