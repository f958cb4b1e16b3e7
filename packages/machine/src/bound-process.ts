import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { SYSTEM_PATH } from './run-program.ts';

/** A process that the kernel kills when the thread that started it ends, however it ends. */
export interface BoundProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves with a word on how it ended. Never rejects. */
  readonly ended: Promise<string>;
  /** SIGKILL, and waits until it is gone. Safe to repeat. */
  kill(): Promise<void>;
}

/** Sets what the kernel sends when the parent ends, and becomes the program. */
const SETPRIV = 'setpriv';

/**
 * Starts a program bound to this thread. Start it from the main thread: a worker thread that ends takes it along.
 * Its own process group keeps a terminal's Ctrl-C away from it: it is ended by its owner, in order.
 */
export async function startBound(
  program: string,
  args: readonly string[],
  options: {
    env: Readonly<Record<string, string>>;
    stdio: StdioOptions;
    /** Hears how it ended when nobody had called `kill()`. */
    onUnexpectedEnd: (how: string) => void;
  },
): Promise<BoundProcess> {
  const child = spawn(SETPRIV, ['--pdeathsig', 'KILL', program, ...args], {
    stdio: options.stdio,
    env: { PATH: SYSTEM_PATH, ...options.env },
    detached: true,
  });
  let killed = false;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    child.once('error', (error) => resolve(error.message));
  });
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} has no process id although it was started.`);
  void ended.then((how) => killed || options.onUnexpectedEnd(how));
  return {
    child,
    pid,
    ended,
    async kill() {
      killed = true;
      child.kill('SIGKILL');
      await ended;
    },
  };
}
