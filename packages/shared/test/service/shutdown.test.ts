import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';

// The deadlines of the process itself take seconds, and its start does too on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let child: ChildProcess;
let said: string;

/** Starts the process and waits until it says this. */
async function start(behaviour: string, until = 'started'): Promise<void> {
  child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/stoppable.ts'), behaviour], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  while (!said.includes(until)) await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'exit').then(ended)]);
}

function ended(): never {
  throw new Error(`The process ended early. It said: ${said}`);
}

/** What it said, a line each, and the code it ended with. */
async function end(): Promise<{ code: number; lines: string[] }> {
  const [code] = await once(child, 'close');
  return { code, lines: said.trim().split('\n') };
}

afterEach(() => {
  if (child.exitCode === null) child.kill('SIGKILL');
});

describe('a process that is told to stop', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'closes on %s what it opened, last opened first, and ends with 0',
    async (signal) => {
      await start('works');
      child.kill(signal);
      expect(await end()).toEqual({ code: 0, lines: ['started', `Stopping (${signal}).`, 'closed worker', 'closed redis'] });
    },
  );

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('before its work is done says so on %s by ending with %i', async (signal, exitCode) => {
    await start('has work to do');
    child.kill(signal);
    expect(await end()).toMatchObject({
      code: exitCode,
      lines: ['started', `Stopping (${signal}).`, 'closed worker', 'closed redis'],
    });
  });

  it('does not take for a failure that its program was told to stop as well', async () => {
    await start('has a program do its work');
    expect(await end()).toEqual({ code: 130, lines: ['started', 'Stopping (SIGINT).', 'closed worker', 'closed redis'] });
  });

  it('takes two signals of one Ctrl-C for one', async () => {
    await start('hangs');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const { code, lines } = await end();
    expect({ code, lines }).toEqual({
      code: 1,
      lines: ['started', expect.stringContaining('Stopping ('), expect.stringContaining('in time')],
    });
  });

  it('ends at its deadline although something cannot be closed', async () => {
    await start('hangs');
    child.kill('SIGTERM');
    expect(await end()).toEqual({
      code: 1,
      lines: ['started', 'Stopping (SIGTERM).', 'Not everything could be closed in time; ending all the same.'],
    });
  });

  it('is hastened by asking again, and not put off by asking ever again', async () => {
    await start('hangs for a minute');
    const asking = setInterval(() => child.kill('SIGTERM'), 100);
    const { code, lines } = await end();
    clearInterval(asking);
    expect({ code, lines }).toEqual({
      code: 1,
      lines: ['started', 'Stopping (SIGTERM).', 'Stopping at once (SIGTERM again).', expect.stringContaining('in time')],
    });
  });

  it('stops its start as well, and that is no failure', async () => {
    await start('still starting');
    child.kill('SIGTERM');
    expect(await end()).toEqual({ code: 0, lines: ['started', 'Stopping (SIGTERM).', 'closed worker', 'closed redis'] });
  });
});

describe('a process that is done', () => {
  it('closes what it opened and ends with the code it gave', async () => {
    await start('is done');
    expect(await end()).toEqual({ code: 3, lines: ['started', 'closed worker', 'closed redis'] });
  });
});

describe('a process that fails', () => {
  it('says all that is wrong with its settings, closes what it opened and ends with 78', async () => {
    await start('misconfigured', 'closed redis');
    expect(await end()).toEqual({
      code: 78,
      lines: ['Nothing was started: a mistake in the environment.', '  PORT: not set; expected a port', 'closed redis'],
    });
  });

  it('says what nobody caught, closes what it opened and ends with 1', async () => {
    await start('crashes', 'closed redis');
    const { code, lines } = await end();
    expect(code).toBe(1);
    expect(lines).toEqual(expect.arrayContaining(['nobody caught this', 'closed worker', 'closed redis']));
  });
});
