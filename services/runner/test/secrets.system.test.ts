import { isSettled } from '@cc-ci/shared/runs/next';
import { openLog } from '@cc-ci/shared/service/log';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { type Bench, openBench, recipe, stepOf } from './bench.ts';
import { startGitServer } from './git-server.ts';

/** An app that is careless with its secret: says it backwards, which nobody can mask, then as it is, and serves nobody. */
const careless = {
  ...recipe({
    image: 'busybox:1.36.1',
    app: `    command: ["sh", "-c", "echo backwards $$(rev /run/secrets/key); echo it is $$(cat /run/secrets/key); sleep 1000"]
    secrets: [key]
`,
    more: `secrets:
  key: { external: true, name: "\${STACK_NAME}_key_\${SECRET_KEY_VERSION}" }
`,
  }),
  '.env.sample': 'TYPE=probe\nDOMAIN=probe.example.com\nLETS_ENCRYPT_ENV=production\nSECRET_KEY_VERSION=v1 # length=32\n',
};

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

/** What the engine says to whoever may ask it. */
async function engineSays(...args: string[]): Promise<string> {
  const { dockerCli, dockerHost } = inject('machine');
  return (await execa(dockerCli, ['--host', dockerHost, ...args])).stdout;
}

it('a secret of an app is in no log, no record, no command to Redis, and nothing that the engine shows (case 109)', async () => {
  await using server = await startGitServer();
  const { id } = await bench.ask(server, await server.commit('main', careless));
  const since = String(Math.floor(Date.now() / 1000));
  const logged: string[] = [];
  const log = openLog({
    service: 'runner',
    instance: 'secrets',
    level: 'debug',
    destination: { write: (line) => void logged.push(line) },
  });
  const told: string[] = [];
  const monitor = await bench.redis.monitor();
  monitor.on('monitor', (_at: string, args: string[]) => void told.push(args.join(' ')));
  await using _runner = await bench.startRunner({ log });

  await vi.waitFor(async () => expect(await bench.story(id)).toContain('answers with HTTP 502'), { timeout: 60_000 });
  const containers = (await engineSays('ps', '--quiet', '--filter', `label=cc-ci.run=${id}`)).split('\n');
  const services = (await engineSays('service', 'ls', '--quiet', '--filter', `label=cc-ci.run=${id}`)).split('\n');
  const inspected = [await engineSays('inspect', ...containers), await engineSays('service', 'inspect', ...services)];
  const run = await bench.until(id, 'the run is over', isSettled);
  expect(stepOf(run, 'install')?.state).toBe('fail');

  const story = await bench.story(id);
  const secret = [...(/backwards (\S{32})/.exec(story)?.[1] ?? '')].toReversed().join('');
  expect(secret).toMatch(/^\S{32}$/);
  expect(story).toMatch(/it is (?!.*[A-Za-z0-9]{32})/);
  const events = await engineSays('events', '--since', since, '--until', String(Math.ceil(Date.now() / 1000)));
  monitor.disconnect();
  expect(told.length).toBeGreaterThan(10);
  expect(logged.length).toBeGreaterThan(1);
  const places = {
    story,
    record: JSON.stringify(run),
    logged: logged.join(''),
    told: told.join('\n'),
    inspected: inspected.join('\n'),
    events,
  };
  expect(Object.entries(places).flatMap(([place, text]) => (text.includes(secret) ? [place] : []))).toEqual([]);
});
