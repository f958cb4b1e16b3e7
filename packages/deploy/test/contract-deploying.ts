import { expect, it } from 'vitest';
import type { Waiting } from '../src/deployer.ts';
import { everything, program, recipe, saying } from './recipes.ts';
import { type Host, openStage, soon } from './stage.ts';

/** `apply`, `converge`, `observe` and `logs` of what works, first and in place. */
export function deployingContract(host: Host): void {
  const { deployer } = host;

  it('runs with its volume, config, secret and networks, and is removed without a trace (case 35)', async () => {
    await using stage = await openStage(host);
    const { app, inside } = stage;
    const release = await stage.prepare(everything);
    expect(release).toMatchObject({ version: '1.0.0+1.36.1', images: ['busybox:1.36.1'] });
    await stage.deploy(release);
    expect(await inside('app', 'cat', '/data/greeting')).toBe('good day');
    expect(await inside('app', 'cat', '/run/secrets/password')).toHaveLength(24);
    expect(await inside('app', 'sh', '-c', 'echo "$DOMAIN $PRICE $GREETING_SOURCE"')).toBe(`${app.domain} 5$ /greeting`);
    expect(await deployer.observe(app)).toMatchObject({
      commit: 'a'.repeat(40),
      services: [
        { name: 'app', desired: 1, running: 1, current: 1 },
        { name: 'db', desired: 1, running: 1, current: 1 },
      ],
    });

    const { removed, left } = await deployer.remove(app, soon());
    expect(left).toEqual([]);
    // The default network, which nobody declares, and the volume without a name are among them.
    expect(removed).toEqual({ services: 2, containers: 2, networks: 2, volumes: 2, secrets: 1, configs: 1 });
    expect(await stage.owned()).toEqual([]);
  });

  it('has what cc-ci sets for it: variables, the values of secrets, and the pace of its health checks', async () => {
    await using stage = await openStage(host);
    const release = await stage.prepare(everything, 'a', {
      environment: { PRICE: 'of $DOMAIN' },
      secrets: { password: 'correct horse' },
      overlay: { services: { app: { healthcheck: { retries: 7 } } } },
    });
    expect(release.document.services['app']?.healthcheck).toMatchObject({ retries: 7 });
    await stage.deploy(release);
    expect(await stage.inside('app', 'cat', '/run/secrets/password')).toBe('correct horse');
    expect(await stage.inside('app', 'sh', '-c', 'echo "$PRICE"')).toBe(`of ${stage.app.domain}`);
  });

  it('takes memory and the room of its images, and nothing once it is gone', async () => {
    await using stage = await openStage(host);
    await stage.deploy(await stage.prepare(everything));
    const { memoryBytes, imageBytes } = await deployer.footprint(stage.app);
    // Where the host counts memory, two containers have some.
    expect(memoryBytes ?? 1).toBeGreaterThan(0);
    expect(imageBytes).toBeGreaterThan(0);
    await deployer.remove(stage.app, soon());
    expect(await deployer.footprint(stage.app)).toEqual({ memoryBytes: undefined, imageBytes: 0 });
  });

  it('can be applied twice, and once more after it was removed', async () => {
    await using stage = await openStage(host);
    const release = await stage.prepare(everything);
    await stage.deploy(release);
    const password = await stage.inside('app', 'cat', '/run/secrets/password');
    await stage.deploy(release);
    expect(await stage.inside('app', 'cat', '/run/secrets/password')).toBe(password);
    await deployer.remove(stage.app, soon());
    await stage.deploy(release);
    expect(await stage.inside('app', 'cat', '/run/secrets/password')).not.toBe(password);
  });

  it('says what it waits for', async () => {
    await using stage = await openStage(host);
    const release = await stage.prepare(
      recipe({
        app: `command: ${program('sleep 2; touch /tmp/up')}\nhealthcheck: { test: "test -e /tmp/up", interval: 1s, retries: 9 }`,
      }),
    );
    const said: Waiting[] = [];
    await deployer.apply(stage.app, release, soon());
    await stage.converge(release, { say: (waiting) => said.push(waiting) });
    expect(said).toContainEqual({ service: 'app', what: 'has started, its health check has not passed yet' });
    expect(said.at(-1)).toEqual({ service: 'app', what: 'runs and is watched for a while' });
  });

  it('may have services that do not run, or only once', async () => {
    await using stage = await openStage(host);
    await stage.deploy(
      await stage.prepare(
        recipe({
          app: `command: ${program()}`,
          cron: `command: ${program()}\ndeploy: { replicas: 0 }`,
          job: 'command: ["sleep", "1"]\ndeploy: { mode: replicated-job }',
          migration: 'command: ["true"]\ndeploy: { restart_policy: { condition: none } }',
        }),
      ),
    );
    const { services } = await deployer.observe(stage.app);
    expect(services.map(({ name, running }) => `${name} ${running}`)).toEqual(['app 1', 'cron 0', 'job 0', 'migration 0']);
  });

  it('shows the last lines of each service', async () => {
    await using stage = await openStage(host);
    await stage.deploy(await stage.prepare(recipe({ app: `command: ${program('echo one; echo two; echo three')}` })));
    expect(await deployer.logs(stage.app, { tail: 2 })).toEqual([{ service: 'app', lines: ['two', 'three'] }]);
  });

  it('is upgraded in place: other tasks, the same data, the new stamp', async () => {
    await using stage = await openStage(host);
    await stage.deploy(await stage.prepare(saying('old')));
    await stage.deploy(await stage.prepare(saying('new'), 'b'));
    expect(await stage.inside('app', 'cat', '/data/words')).toBe('old\nnew');
    expect(await deployer.observe(stage.app)).toMatchObject({
      commit: 'b'.repeat(40),
      services: [{ current: 1, update: 'completed' }],
    });
  });

  it('to the same services only gets the new stamp: nothing restarts', async () => {
    await using stage = await openStage(host);
    await stage.deploy(await stage.prepare(saying('once')));
    await stage.deploy(await stage.prepare({ ...saying('once'), 'README.md': 'new words' }, 'b'));
    expect(await stage.inside('app', 'cat', '/data/words')).toBe('once');
    expect(await deployer.observe(stage.app)).toMatchObject({ commit: 'b'.repeat(40) });
  });
}
