import { isAbsolute } from 'node:path';
import { execa } from 'execa';

/** The absolute path of a program, looked up with our own PATH, which children do not get; undefined where there is none. */
export async function programPath(file: string): Promise<string | undefined> {
  if (isAbsolute(file)) return file;
  const { stdout } = await execa('sh', ['-c', 'command -v "$0"', file], { stdin: 'ignore', reject: false });
  return isAbsolute(stdout) ? stdout : undefined;
}
