import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('is given back to an app that was removed and installed again under the same names', async () => {
    await using folder = await scratch();
    await using stage = await openStage({ deployer, docker });
    const { app, inside } = stage;
    await stage.deploy(await stage.prepare(files('first')));
    await inside(
      'app',
      'sh',
      '-c',
      'mkdir -p /data/deep/er && echo kept > /data/deep/er/dump && chown 33:33 /data/deep/er/dump && : > /data/none',
    );
    const whole = { place: data, path: '', file: join(folder.path, 'whole') };
    const part = { place: data, path: 'deep/er/dump', file: join(folder.path, 'part') };
    expect(await deployer.save(app, whole, soon())).toMatchObject({ files: 3 });
    expect(await deployer.save(app, part, soon())).toEqual({ files: 1, bytes: 5 });
    expect(await deployer.save(app, { ...part, path: 'not/there' }, soon())).toBeUndefined();

    for (const { saved, found } of [
      { saved: part, found: 'no such words' },
      { saved: whole, found: 'first' },
    ]) {
      expect((await deployer.remove(app, soon(), ['secrets'])).left).toEqual([]);
      await stage.deploy(
        await stage.prepare(recipe({ app: `command: ${program()}\nvolumes: ["data:/data"]` }, 'volumes: { data: {} }\n')),
      );
      expect(await deployer.giveBack(app, saved, soon())).toBe(true);
      expect(await inside('app', 'sh', '-c', 'cat /data/deep/er/dump; stat -c %u /data/deep/er/dump')).toBe('kept\n33');
      expect(await inside('app', 'sh', '-c', 'cat /data/words 2>/dev/null || echo no such words')).toBe(found);
    }
  });

  it('is there for a service that begins anew', async () => {
    await using stage = await openStage({ deployer, docker });
    const release = await stage.prepare(files('again'));
    await stage.deploy(release);
    await deployer.restart(stage.app, ['app'], soon());
    await stage.converge(release);
    expect(await stage.inside('app', 'cat', '/data/words')).toBe('again\nagain');
  });

  it('is reached by commands in the container of a service', async () => {
    await using stage = await openStage({ deployer, docker });
    await stage.deploy(await stage.prepare(files('first')));
    const exec = (service: string, command: string) => deployer.exec(stage.app, service, command, soon());
    expect(await exec('app', 'cat /data/words; echo no >&2; exit 3')).toEqual({ exitCode: 3, lines: ['first', 'no'] });
    expect(await exec('db', 'true')).toBeUndefined();
    const { lines } = (await exec('app', 'for n in $(seq 20000); do echo line $n; done')) ?? { lines: [] };
    expect(lines.at(-1)).toBe('line 20000');
    expect(lines.length).toBeLessThan(20_000);
  });
}

/** A folder for one test. */
async function scratch() {
  const path = await mkdtemp(join(tmpdir(), 'ccci-saved-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
