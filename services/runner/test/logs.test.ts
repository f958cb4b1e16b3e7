import { setTimeout as pause } from 'node:timers/promises';
import type { LogLine } from '@cc-ci/shared/runs/log-stream';
import { knownSecret } from '@cc-ci/shared/service/scrub';
import { describe, expect, it } from 'vitest';
import { openRunLog } from '../src/logs.ts';

type Line = Omit<LogLine, 'id'>;

describe('the log of an attempt', () => {
  it('is written in order and in few batches', async () => {
    const batches: (readonly Line[])[] = [];
    const log = openRunLog(
      2,
      async (lines) => void batches.push(lines),
      () => undefined,
    );
    for (let line = 1; line <= 100; line += 1) log.line('install', `line ${line}`);
    await log.flush();
    expect(batches).toHaveLength(1);
    expect(batches[0]?.[99]).toEqual({ attempt: 2, from: 'install', text: 'line 100' });
  });

  it('is written by itself, soon', async () => {
    const written = Promise.withResolvers<readonly Line[]>();
    openRunLog(
      1,
      async (lines) => written.resolve(lines),
      () => undefined,
    ).line('app', 'hello');
    expect(await written.promise).toEqual([{ attempt: 1, from: 'app', text: 'hello' }]);
  });

  it('keeps its order although an earlier batch is slow', async () => {
    const written: string[] = [];
    const first = Promise.withResolvers<void>();
    const log = openRunLog(
      1,
      async (lines) => {
        if (lines[0]?.text === 'one') await first.promise;
        written.push(...lines.map(({ text }) => text));
      },
      () => undefined,
    );
    log.line('a', 'one');
    const one = log.flush();
    log.line('a', 'two');
    const two = log.flush();
    await pause(0);
    first.resolve();
    await Promise.all([one, two]);
    expect(written).toEqual(['one', 'two']);
  });

  it('has no secrets, and a line for each line', async () => {
    knownSecret('battery-horse-staple');
    const written: Line[] = [];
    const log = openRunLog(
      1,
      async (lines) => void written.push(...lines),
      () => undefined,
    );
    log.line('app', 'password battery-horse-staple\nsecond');
    await log.flush();
    expect(written.map(({ text }) => text)).toEqual(['password [secret]', 'second']);
  });

  it('goes on after lines were lost', async () => {
    const errors: unknown[] = [];
    const written: string[] = [];
    let away = true;
    const log = openRunLog(
      1,
      async (lines) => {
        if (away) throw new Error('away');
        written.push(...lines.map(({ text }) => text));
      },
      (error) => errors.push(error),
    );
    log.line('a', 'lost');
    await log.flush();
    away = false;
    log.line('a', 'kept');
    await log.flush();
    expect(errors).toHaveLength(1);
    expect(written).toEqual(['kept']);
  });
});
