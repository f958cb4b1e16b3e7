import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deleteRecord, type MachineRecord, readRecords } from './machine-record.ts';
import { isAlive, killForGood } from './process-identity.ts';
import { runProgram } from './run-program.ts';
import { until } from './until.ts';

/** Killed processes give back mounts, control groups and links within this: seconds on a busy machine. */
const GONE_WITHIN_MS = 20_000;
const CGROUPS = '/sys/fs/cgroup';

/**
 * Removes everything that the record names: processes, link, control groups, folder, and the record last.
 * Safe to repeat, and safe beside another that does the same.
 */
export async function removeMachine(record: MachineRecord): Promise<void> {
  for (const process of record.processes) killForGood(process);
  for (const process of record.processes)
    await until(`The end of process ${process.pid}`, () => !isAlive(process), { withinMs: GONE_WITHIN_MS });
  await removeLink(record);
  await until(`The removal of the control groups ${record.id}`, () => removeCgroups(record.id), { withinMs: GONE_WITHIN_MS });
  await until(`The removal of ${record.folder}`, () => removeFolder(record.folder), { withinMs: GONE_WITHIN_MS });
  await deleteRecord(record.id);
}

/** Removes what machines of dead owners left; returns their ids. Living machines are not touched. */
export async function cleanStale(): Promise<string[]> {
  const stale = (await readRecords()).filter(({ owner }) => !isAlive(owner));
  for (const record of stale) await removeMachine(record);
  return stale.map(({ id }) => id);
}

/** A link goes with the engine's namespace; this is for one that never got there. */
async function removeLink({ id, ip }: MachineRecord): Promise<void> {
  if (!existsSync(`/sys/class/net/${id}`)) return;
  await runProgram(ip.program, ['link', 'delete', id], { env: { LD_LIBRARY_PATH: ip.libraries } }).catch((error: unknown) => {
    if (existsSync(`/sys/class/net/${id}`)) throw error; // Otherwise it went by itself meanwhile.
  });
}

/** Removes the empty control groups with that name, deepest first; true when none is left. */
async function removeCgroups(id: string): Promise<boolean> {
  // Version 1 has a tree for each controller, version 2 one for all.
  const trees = [CGROUPS, ...(await folders(CGROUPS))];
  const removed = await Promise.all(trees.map((tree) => removeEmptyTree(join(tree, id))));
  return removed.every(Boolean);
}

async function removeEmptyTree(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return true;
  for (const child of await folders(folder)) await removeEmptyTree(child);
  await rmdir(folder).catch(() => undefined);
  return !existsSync(folder);
}

async function folders(of: string): Promise<string[]> {
  const entries = await readdir(of, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(of, name));
}

async function removeFolder(folder: string): Promise<boolean> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  return !existsSync(folder);
}
