import { statfs } from 'node:fs/promises';
import type { Deployer } from '@cc-ci/deploy/deployer';

const GB = 1e9;
/** Below this nothing can be expected to work, whatever the settings ask for before a run. Bytes. */
const FULL_BELOW_BYTES = 200e6;

/** This host has too little room for a run. Ours. */
export class DiskTooFull extends Error {
  override readonly name = 'DiskTooFull';
  readonly freeBytes: number;
  constructor(freeBytes: number, minimumGb: number) {
    super(`Only ${(freeBytes / GB).toFixed(1)} GB are free where images and volumes lie, and a run needs ${minimumGb} GB.`);
    this.freeBytes = freeBytes;
  }
}

/** How much room there is where this host's images and volumes lie. */
export interface Disk {
  /** Throws DiskTooFull. */
  require(minimumGb: number): Promise<void>;
  /** Nothing more can be written: what fails now fails for this reason. */
  isFull(): Promise<boolean>;
}

/** @param folder looked at instead where the engine's own is not on this machine, or the engine does not answer: that is for whoever deploys to say */
export function openDisk(deployer: Pick<Deployer, 'host'>, dockerHost: string, folder: string): Disk {
  const isHere = dockerHost.startsWith('unix:');
  const freeBytes = async (): Promise<number> => {
    const engines = isHere ? await deployer.host().catch(() => undefined) : undefined;
    const { bavail, bsize } = await statfs(engines?.dataFolder ?? folder).catch(() => statfs(folder));
    return bavail * bsize;
  };
  return {
    async require(minimumGb) {
      const free = await freeBytes();
      if (free < minimumGb * GB) throw new DiskTooFull(free, minimumGb);
    },
    isFull: async () => (await freeBytes()) < FULL_BELOW_BYTES,
  };
}
