import { describe, expect, it } from 'vitest';
import { openEngine } from '../src/engine.ts';
import { EngineUnavailable, ImageUnavailable } from '../src/errors.ts';
import { pullImages } from '../src/pull.ts';
import { removeApp } from '../src/removal.ts';
import { engineThat } from './engine-that.ts';

const app = { stack: 'hedg-1', owner: { instance: 'i', host: 'h', run: 'r', attempt: 1 } };
const soon = () => AbortSignal.timeout(30_000);

describe('an engine that is not there', () => {
  it.each([['unix:///no/such/docker.sock'], ['tcp://127.0.0.1:1']])('at %s is unavailable', async (address) => {
    const engine = openEngine(address);
    await expect(engine.list('volumes')).rejects.toThrow(EngineUnavailable);
    await expect(removeApp(engine, app, soon())).rejects.toThrow(/^The Docker engine could not list/);
  });

  it.each(['docker.sock', 'ssh://host', 'tcp://host'])('cannot be at %s', (address) => {
    expect(() => openEngine(address)).toThrow(/use unix:\/\/\/path\/to\/docker.sock or tcp:\/\/host:port/);
  });
});

describe('an engine', () => {
  it('that is no swarm manager is unavailable, in its own words', async () => {
    await using given = await engineThat((_, response) => {
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"message":"This node is not a swarm manager."}');
    });
    await expect(given.engine.list('services')).rejects.toThrow('could not list services: This node is not a swarm manager.');
  });

  it.each([
    [404, undefined],
    [204, undefined],
    [409, { status: 409, said: 'volume is in use' }],
  ])('that answers a removal with %s', async (status, refusal) => {
    await using given = await engineThat((_, response) => {
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(status === 204 ? undefined : '{"message":"volume is in use"}');
    });
    expect(await given.engine.remove({ kind: 'volumes', id: 'v' })).toEqual(refusal);
  });
});

describe('a pull', () => {
  const release = (image: string) => ({ images: [image] });

  it('asks for the whole reference, with the tag that is meant', async () => {
    const asked: string[] = [];
    await using given = await engineThat(({ method, url = '' }, response) => {
      asked.push(`${method} ${decodeURIComponent(url)}`);
      const image = { Id: 'sha256:1', RepoDigests: ['x@sha256:2'], Config: null };
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(method === 'POST' ? '{"status":"Done"}\n' : JSON.stringify(image));
    });
    expect(await pullImages(given.engine, release('ghcr.io/org/x'), soon())).toMatchObject([{ id: 'sha256:1', standIn: false }]);
    expect(asked).toEqual(['POST /images/create?fromImage=ghcr.io/org/x:latest', 'GET /images/ghcr.io/org/x:latest/json']);
  });

  it.each([
    ['at once', 404, '{"message":"manifest unknown"}', 'missing'],
    ['while it runs', 200, '{"status":"Pulling"}\n{"error":"write: no space left on device"}\n', 'disk'],
    [
      'because it asked too often (case 55)',
      500,
      '{"message":"toomanyrequests: You have reached your pull rate limit"}',
      'limit',
    ],
  ])('that is refused %s says what kind of trouble it is', async (_, status, body, kind) => {
    await using given = await engineThat((request, response) => {
      const missing = request.method === 'GET';
      response.writeHead(missing ? 404 : status, { 'content-type': 'application/json' }).end(missing ? '{"message":"no"}' : body);
    });
    const pull = pullImages(given.engine, release('x:1'), soon());
    await expect(pull).rejects.toMatchObject({ kind, image: 'x:1', registry: 'Docker Hub' });
    await expect(pull).rejects.toThrow(ImageUnavailable);
  });

  it('that is not waited for any more ends with the reason', async () => {
    const cancelled = new AbortController();
    await using given = await engineThat((_, response) => {
      response.writeHead(200).write('{"status":"Pulling"}\n', () => cancelled.abort(new Error('cancelled by carol')));
    });
    await expect(pullImages(given.engine, release('x:1'), cancelled.signal)).rejects.toThrow('cancelled by carol');
  });

  it('that breaks off is the engine’s trouble', async () => {
    await using given = await engineThat((_, response) => {
      response.writeHead(200).write('{"status":"Pulling"}\n', () => response.destroy());
    });
    await expect(pullImages(given.engine, release('x:1'), soon())).rejects.toThrow(EngineUnavailable);
  });
});
