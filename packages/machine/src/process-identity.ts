import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** One process of one boot: a pid alone is given away again, a pid with its start time is not. */
export const ProcessIdentity = z.object({ pid: z.number().int().positive(), startTicks: z.string(), boot: z.string() });
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** Who has this pid now; undefined when nobody has it, or only a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    // The program's name stands in brackets and may hold anything, so the fields are counted from the last bracket (proc(5), field 3 on).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const startTicks = fields[19];
    if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
    return { pid, startTicks, boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() };
  } catch {
    return undefined;
  }
}

/** Whether that very process still lives. */
export function isAlive(process: ProcessIdentity): boolean {
  const now = identify(process.pid);
  return now !== undefined && now.startTicks === process.startTicks && now.boot === process.boot;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const own = identify(process.pid);
  if (own === undefined) throw new Error('/proc does not show this process: mount proc on /proc.');
  return own;
}

/** Sends SIGKILL to that very process, if it still lives. */
export function killForGood(target: ProcessIdentity): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, 'SIGKILL');
  } catch {
    // It ended by itself in between, which is what was wanted.
  }
}
