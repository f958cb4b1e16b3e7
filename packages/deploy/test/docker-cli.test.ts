import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDockerCli } from '../src/docker-cli.ts';
import { ToolUnfit } from '../src/errors.ts';

describe('the docker CLI', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ccci-cli-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** A CLI of this version; it does `script` when it is given a command. */
  async function cli(script: string, version = '26.1.5') {
    const file = join(folder, 'docker');
    await writeFile(file, `#!/bin/sh\n[ "$1" = --version ] && { echo "Docker version ${version}, build x"; exit; }\n${script}\n`);
    await chmod(file, 0o755);
    return openDockerCli({ file, host: 'unix:///engine.sock', configFolder: '/no-config' });
  }
  const call = (environment = {}, signal = AbortSignal.timeout(30_000)) => ({ environment, folder, signal });

  it('is told its host and its folder by flags, before the command', async () => {
    const said = (await cli('echo "$@"')).run(['stack', 'config'], call());
    expect(await said).toMatchObject({ succeeded: true, stdout: '--config /no-config --host unix:///engine.sock stack config' });
  });

  it('has the environment that it is given and nothing else', async () => {
    const said = await (await cli('/usr/bin/env')).run([], call({ A: '1' }));
    const names = said.stdout.split('\n').map((line) => line.split('=')[0]);
    // What the shell of the script sets by itself.
    expect(names.filter((name) => !['PWD', '_', 'SHLVL'].includes(name ?? ''))).toEqual(['A']);
  });

  it('may fail, and its words are kept', async () => {
    const said = (await cli('echo "no such thing" >&2; exit 3')).run(['x'], call());
    expect(await said).toMatchObject({ succeeded: false, stderr: 'no such thing' });
  });

  it('is ended when nobody waits for it any more', async () => {
    const cancelled = new AbortController();
    const said = (await cli('sleep 600')).run(['x'], call({}, cancelled.signal));
    cancelled.abort(new Error('cancelled by carol'));
    await expect(said).rejects.toThrow('cancelled by carol');
  });

  it.each([
    ['too old', '20.10.24', /is too old .*needs the docker CLI 23 or newer/],
    ['not the docker CLI', 'unknown', /is too old/],
  ])('is unfit when it is %s', async (_, version, message) => {
    const unfit = (await cli('true', version)).run(['x'], call());
    await expect(unfit).rejects.toThrow(ToolUnfit);
    await expect(unfit).rejects.toThrow(message);
  });

  it('is unfit when it is not there', async () => {
    const missing = (file: string) =>
      openDockerCli({ file, host: 'unix:///engine.sock', configFolder: '/no-config' }).run(['x'], call());
    await expect(missing('no-such-docker')).rejects.toThrow('There is no docker CLI named `no-such-docker` on PATH.');
    await expect(missing('/no/such/docker')).rejects.toThrow(/\/no\/such\/docker could not be run/);
  });
});
