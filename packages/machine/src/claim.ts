import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { machinesFolder } from './config.ts';
import type { Debian } from './debian.ts';
import { startKeeper } from './keeper.ts';
import { createLink } from './link.ts';
import { freeLinks, LINKS, type LinkAddresses, linkAddresses } from './link-address.ts';
import { createRecord, deleteRecord, type MachineRecord, updateRecord } from './machine-record.ts';
import { identify, ownIdentity } from './process-identity.ts';
import { removeMachine } from './remove-machine.ts';

/** A name, a folder and a link of our own on this host, kept until they are disposed of or their owner dies. */
export interface Claim extends AsyncDisposable {
  /** `ccci-<number of the link>`. */
  readonly id: string;
  readonly folder: string;
  readonly addresses: LinkAddresses;
  /** Has that process ended with the machine, whoever removes it. */
  own(pid: number): Promise<void>;
}

/** Sockets lie up to 45 characters below the folder, and the kernel takes 107 in all. */
const LONGEST_FOLDER = 60;

/** Claims a free link, records it, and has a keeper watch over it. */
export async function claimMachine(debian: Debian): Promise<Claim> {
  const networks = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ family }) => family === 'IPv4').map(({ cidr, address }) => cidr ?? address),
  );
  for (const number of freeLinks(networks, randomInt(LINKS))) {
    const id = `ccci-${number}`;
    const record = newRecord(debian, id);
    if (!(await createRecord(record))) continue;
    if (await createLink(debian, id)) return await keep(record, linkAddresses(number));
    await deleteRecord(id);
  }
  throw new Error('All 16384 links in 10.213.0.0/16 are taken on this host: end machines that are not needed.');
}

function newRecord(debian: Debian, id: string): MachineRecord {
  return {
    v: 1,
    id,
    owner: ownIdentity(),
    folder: shortFolder(id),
    processes: [],
    ip: { program: debian.program('ip'), libraries: debian.environment.LD_LIBRARY_PATH },
  };
}

function shortFolder(id: string): string {
  const wanted = [join(machinesFolder(), id), join(tmpdir(), `${id}-${process.pid}`)];
  return wanted.find((folder) => folder.length <= LONGEST_FOLDER) ?? join('/tmp', `${id}-${process.pid}`);
}

async function keep(record: MachineRecord, addresses: LinkAddresses): Promise<Claim> {
  const keeper = await startKeeper(record.id);
  await mkdir(record.folder, { recursive: true, mode: 0o700 });
  let current = record;
  return {
    id: record.id,
    folder: record.folder,
    addresses,
    async own(pid) {
      const identity = identify(pid);
      if (identity === undefined) return;
      current = { ...current, processes: [...current.processes, identity] };
      await updateRecord(current);
    },
    async [Symbol.asyncDispose]() {
      await removeMachine(current);
      await keeper.dismiss();
    },
  };
}
