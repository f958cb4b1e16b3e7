import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { machinesFolder } from './config.ts';
import { ProcessIdentity } from './process-identity.ts';

/** What a machine has on the host, written down before it is there: whoever finds the record can remove all of it. */
export const MachineRecord = z.object({
  v: z.literal(1),
  /** Also the name of the link, of the control groups and of the engine's host. */
  id: z.string().regex(/^ccci-\d+$/),
  owner: ProcessIdentity,
  folder: z.string(),
  /** Started by the owner, beside what dies with them. */
  processes: z.array(ProcessIdentity),
  /** Absolute path of `ip` and the libraries that it needs. */
  ip: z.object({ program: z.string(), libraries: z.string() }),
});
export type MachineRecord = z.infer<typeof MachineRecord>;

export function recordFile(id: string): string {
  return join(machinesFolder(), `${id}.json`);
}

/** Writes the record if there is none with that id; false when somebody else has it. */
export async function createRecord(record: MachineRecord): Promise<boolean> {
  await mkdir(machinesFolder(), { recursive: true });
  try {
    await writeFile(recordFile(record.id), JSON.stringify(record), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Replaces the record whole, so that no reader ever sees half of it. */
export async function updateRecord(record: MachineRecord): Promise<void> {
  const partial = `${recordFile(record.id)}.partial`;
  await writeFile(partial, JSON.stringify(record));
  await rename(partial, recordFile(record.id));
}

/** The record in that file; undefined when it is gone or was never written to its end. */
export async function readRecord(file: string): Promise<MachineRecord | undefined> {
  try {
    return MachineRecord.safeParse(JSON.parse(await readFile(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

export async function deleteRecord(id: string): Promise<void> {
  await rm(recordFile(id), { force: true });
}

/** All records of this cache. */
export async function readRecords(): Promise<MachineRecord[]> {
  const files = await readdir(machinesFolder()).catch(() => []);
  const read = await Promise.all(
    files.filter((file) => file.endsWith('.json')).map((file) => readRecord(join(machinesFolder(), file))),
  );
  return read.filter((record) => record !== undefined);
}
