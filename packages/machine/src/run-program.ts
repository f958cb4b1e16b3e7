import { execa } from 'execa';

/** Where Debian keeps its own programs, whatever the caller's PATH says. */
export const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Runs a program with nothing of the caller's environment but Debian's PATH, and returns what it printed.
 * Rejects with execa's error, which holds the command and what it said, when it fails or the signal is aborted.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { env?: Readonly<Record<string, string>>; cwd?: string; input?: string; signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const { env, cwd, input = '', signal } = options;
  const { stdout } = await execa(program, args, {
    env: { PATH: SYSTEM_PATH, ...env },
    extendEnv: false,
    input,
    ...(cwd !== undefined && { cwd }),
    ...(signal !== undefined && { cancelSignal: signal }),
  });
  return stdout;
}
