import { execa } from 'execa';
import { ToolUnfit } from './errors.ts';

/** Of one stream. Merged documents of the largest recipes, and what abra draws, are well below this. */
const OUTPUT_LIMIT_BYTES = 8 * 1024 * 1024;

export interface ToolCall {
  /** All that the tool's environment holds: nothing of this process's own reaches it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** What takes longer hangs, and is ended with all that it started. Milliseconds. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** What a tool said, whether it succeeded or not. */
export interface Said {
  readonly succeeded: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they came. */
  readonly all: string;
}

/**
 * Runs a tool to its end. A question is answered by the end of the input, and never waited on.
 * @param path absolute
 * @param name of the command in errors, e.g. `docker stack`
 * Throws ToolUnfit when the tool cannot be run or does not end, and the signal's reason when aborted.
 */
export async function runTool(path: string, args: readonly string[], name: string, call: ToolCall): Promise<Said> {
  const { environment, folder, limitMs, signal } = call;
  const done = await execa(path, args, {
    env: environment,
    extendEnv: false,
    cwd: folder,
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: limitMs,
    maxBuffer: OUTPUT_LIMIT_BYTES,
    killDescendants: true,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  if (done.timedOut) throw new ToolUnfit(`\`${name}\` did not end within ${limitMs / 1000} s.`, { cause: done });
  if (done.exitCode === undefined) throw new ToolUnfit(`${path} could not be run: ${done.shortMessage}`, { cause: done });
  return { succeeded: !done.failed, stdout: done.stdout, stderr: done.stderr, all: done.all };
}
