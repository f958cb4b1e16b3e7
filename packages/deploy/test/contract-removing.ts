import { expect, it } from 'vitest';
import type { Release } from '../src/deployer.ts';
import { StackTaken } from '../src/errors.ts';
import { everything, program, recipe } from './recipes.ts';
import { type Host, openStage, soon } from './stage.ts';

const plain = recipe({ app: `command: ${program()}` });

/** `remove` and `owned`: all of the app, nothing of anybody else's. */
export function removingContract(host: Host): void {
  const { deployer, docker } = host;

  it('of what never was finds nothing, twice', async () => {
    await using stage = await openStage(host);
    for (const _ of ['first', 'second']) {
      const { removed, left } = await deployer.remove(stage.app, soon());
      expect(left).toEqual([]);
      expect(Object.values(removed)).toEqual([0, 0, 0, 0, 0, 0]);
    }
  });

  it('leaves alone what is not the app’s, whatever its name (case 35, case 43)', async () => {
    await using stage = await openStage(host);
    const { app } = stage;
    const planted = `${app.stack}_planted`;
    await docker('volume', 'create', '--label', `com.docker.stack.namespace=${app.stack}`, planted);
    try {
      await expect(deployer.apply(app, await stage.prepare(plain), soon())).rejects.toThrow(StackTaken);
      await deployer.remove(app, soon());
      expect(await docker('volume', 'ls', '-q', '-f', `name=${planted}`)).toBe(planted);
    } finally {
      await docker('volume', 'rm', planted);
    }
  });

  it('leaves another attempt’s stack of the same name alone', async () => {
    await using stage = await openStage(host);
    await stage.deploy(await stage.prepare(plain));
    const older = { ...stage.app, owner: { ...stage.app.owner, attempt: 2 } };
    expect((await deployer.remove(older, soon())).removed).toMatchObject({ services: 0, containers: 0, networks: 0 });
    expect(await stage.owned()).toEqual([{ stack: stage.app.stack, owner: stage.app.owner }]);
  });

  it('keeps the secrets of an app that is to come back, and nothing else', async () => {
    await using stage = await openStage(host);
    const { app, inside } = stage;
    const release = await stage.prepare(everything);
    await stage.deploy(release);
    const password = await inside('app', 'cat', '/run/secrets/password');
    const { removed, left } = await deployer.remove(app, soon(), ['secrets']);
    expect(left).toEqual([]);
    expect(removed).toMatchObject({ services: 2, volumes: 2, secrets: 0, configs: 1 });
    await stage.deploy(release);
    expect(await inside('app', 'cat', '/run/secrets/password')).toBe(password);
  });

  it('finds by its name what the engine made without labels', async () => {
    await using stage = await openStage(host);
    await docker('volume', 'create', `${stage.app.stack}_unlabelled`);
    expect((await deployer.remove(stage.app, soon())).removed.volumes).toBe(1);
  });

  it('is complete right after the deployment was accepted, while Swarm still works on it', async () => {
    await using stage = await openStage(host);
    await deployer.apply(stage.app, await stage.prepare(everything), soon());
    expect((await deployer.remove(stage.app, soon())).left).toEqual([]);
    expect(await stage.owned()).toEqual([]);
  });

  it('of eight apps that end together leaves nothing, and nothing comes back once Swarm has forgotten them (case 37)', async ({
    expect,
  }) => {
    const removedAtOnce = async (): Promise<string[]> => {
      const stages = await Promise.all(Array.from({ length: 8 }, () => openStage(host)));
      const releases = await Promise.all(stages.map((stage) => stage.prepare(everything)));
      await Promise.all(stages.map(({ app }, index) => deployer.apply(app, releases[index] as Release, soon())));
      const removals = await Promise.all(stages.map(({ app }) => deployer.remove(app, soon())));
      expect(removals.flatMap(({ left }) => left)).toEqual([]);
      return stages.map(({ app }) => app.stack);
    };
    const stacks: string[] = [];
    for (let round = 1; round <= 4; round += 1) stacks.push(...(await removedAtOnce()));
    const ofThese = (lines: string): string[] => lines.split('\n').filter((name) => stacks.some((stack) => name.includes(stack)));
    const tasks = async () => ofThese(await docker('node', 'ps', '--format', '{{.Name}}'));
    await expect.poll(tasks, { timeout: 60_000 }).toEqual([]);
    const kinds = [
      ['ps', '-a', '--format', '{{.Names}}'],
      ...['network', 'volume', 'service'].map((kind) => [kind, 'ls', '--format', '{{.Name}}']),
    ];
    for (const kind of kinds) expect(ofThese(await docker(...kind))).toEqual([]);
  });

  it('says what is left when it may not go on', async () => {
    await using stage = await openStage(host);
    await deployer.apply(stage.app, await stage.prepare(plain), soon());
    const { left } = await deployer.remove(stage.app, AbortSignal.abort());
    expect(left).toContainEqual({
      kind: 'services',
      name: `${stage.app.stack}_app`,
      why: 'there was no time left to remove it',
    });
  });

  it('finds what only a volume is left of', async () => {
    await using stage = await openStage(host);
    await deployer.apply(stage.app, await stage.prepare(everything), soon());
    await docker('service', 'rm', `${stage.app.stack}_app`, `${stage.app.stack}_db`);
    const [found] = await stage.owned();
    expect(found).toEqual({ stack: stage.app.stack, owner: stage.app.owner });
    expect((await deployer.remove(stage.app, soon())).left).toEqual([]);
  });
}
