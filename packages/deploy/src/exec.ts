import { once } from 'node:events';
import { Writable } from 'node:stream';
import { z } from 'zod';
import type { App, Executed } from './deployer.ts';
import { answered, type Engine, unavailable } from './engine.ts';
import { look } from './look.ts';
import { linesOf } from './service-logs.ts';

/** Of what a command says, the end is kept: where it fails, it says why last. Bytes. */
const TAIL_BYTES = 64 * 1024;

const Ended = z.object({ ExitCode: z.number().nullable() });

/** See Deployer.exec. */
export async function execIn(
  engine: Engine,
  { stack }: Pick<App, 'stack'>,
  service: string,
  command: string,
  signal: AbortSignal,
): Promise<Executed | undefined> {
  const container = await containerOf(engine, stack, service);
  if (container === undefined) return undefined;
  try {
    const exec = await engine.docker.getContainer(container).exec({
      // One stream, so that what it says stays in its order.
      Cmd: ['sh', '-c', `exec 2>&1\n${command}`],
      AttachStdout: true,
      AttachStderr: true,
      abortSignal: signal,
    });
    const stream = await exec.start({ abortSignal: signal });
    const said = tailOf();
    engine.docker.modem.demuxStream(stream, said.sink, said.sink);
    await once(stream, 'close', { signal }).finally(() => stream.destroy());
    const { ExitCode } = Ended.parse(await exec.inspect());
    return { exitCode: ExitCode ?? CUT_SHORT, lines: linesOf(said.bytes()) };
  } catch (error) {
    signal.throwIfAborted();
    // Gone, or not running: it may be replaced by another one at this moment.
    const status = answered(error)?.status;
    if (status === 404 || status === 409) return undefined;
    throw unavailable('run a command in a container', error);
  }
}

/** What shells say of a program that was killed; the engine says nothing when its container ended first. */
const CUT_SHORT = 137;

/** The container of a service that runs its present spec, if one does at this moment. */
export async function containerOf(engine: Engine, stack: string, service: string): Promise<string | undefined> {
  const state = (await look(engine, stack)).find(({ name }) => name === service);
  return state?.tasks.find((task) => task.alive && task.current && task.state === 'running')?.container;
}

/** Keeps the end of what is written. */
export function tailOf(): { sink: Writable; bytes: () => Buffer } {
  let tail: Buffer = Buffer.alloc(0);
  const sink = new Writable({
    write(part: Buffer, _, done) {
      tail = Buffer.concat([tail, part]).subarray(-TAIL_BYTES);
      done();
    },
  });
  return { sink, bytes: () => tail };
}
