import { expect, it } from 'vitest';
import type { MountedVolume } from '../src/deployer.ts';
import { program, recipe } from './recipes.ts';
import { type Host, openStage, soon } from './stage.ts';

/** An app with two volumes, one of them with something in it; the full one is also read by a second service. */
const files = (word: string) =>
  recipe(
    {
      app: `command: ${program(`echo ${word} >> /data/words`)}\nvolumes: ["data:/data", "empty:/empty", "/nameless"]`,
      reader: `command: ${program()}\nvolumes: ["data:/read:ro"]`,
    },
    'volumes: { data: {}, empty: {} }\n',
  );
const data = { volume: 'data', service: 'app', path: '/data' };
const empty = { volume: 'empty', service: 'app', path: '/empty' };
const read = { volume: 'data', service: 'reader', path: '/read' };

/** `volumes`, `leaveCanary` and `readCanary`: where an app keeps its data, and whether it is still there. */
export function dataContract({ deployer, docker }: Host): void {
  it('is in named volumes, each where a service mounts it', async () => {
    await using stage = await openStage({ deployer, docker });
    expect(await deployer.volumes(stage.app)).toEqual([]);
    await stage.deploy(await stage.prepare(files('first')));
    expect(await deployer.volumes(stage.app)).toEqual([data, empty, read]);
  });

  it('is found again after an upgrade, through every service that mounts it', async () => {
    await using stage = await openStage({ deployer, docker });
    const { app } = stage;
    await stage.deploy(await stage.prepare(files('first')));
    expect(await deployer.readCanary(app, data, soon())).toBeUndefined();
    expect(await deployer.leaveCanary(app, data, 'good day', soon())).toBe(true);
    await stage.deploy(await stage.prepare(files('second'), 'b'));
    expect(await deployer.readCanary(app, data, soon())).toBe('good day');
    expect(await deployer.readCanary(app, read, soon())).toBe('good day');
  });

  it('is left alone where a file could be in its way, or cannot be written', async () => {
    await using stage = await openStage({ deployer, docker });
    await stage.deploy(await stage.prepare(files('first')));
    const leave = (place: MountedVolume) => deployer.leaveCanary(stage.app, place, 'good day', soon());
    const nothingMounted = { ...data, path: '/srv' };
    const noSuchService = { ...data, service: 'db' };
    for (const place of [empty, read, nothingMounted, noSuchService]) expect(await leave(place)).toBe(false);
    expect(await stage.inside('app', 'sh', '-c', 'find /data /empty /srv -name ".cc*" 2>&1 || true')).not.toContain('canary');
  });
}
