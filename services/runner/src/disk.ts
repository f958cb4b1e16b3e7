import { statfs } from 'node:fs/promises';
import { request } from 'node:http';
import { z } from 'zod';

const GB = 1e9;
/** Below this nothing can be expected to work, whatever the settings ask for before a run. Bytes. */
const FULL_BELOW_BYTES = 200e6;
/** The engine of this host answers at once, or is not there. Milliseconds. */
const ENGINE_LIMIT_MS = 5_000;

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

/** @param folder looked at instead where the engine's own is not on this machine */
export function openDisk(dockerHost: string, folder: string): Disk {
  const freeBytes = async (): Promise<number> => {
    const engines = await engineFolder(dockerHost);
    const { bavail, bsize } = await statfs(engines ?? folder).catch(() => statfs(folder));
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

const Info = z.object({ DockerRootDir: z.string().startsWith('/') });

/** Where the engine keeps its data, when it is on this machine and answers. */
async function engineFolder(dockerHost: string): Promise<string | undefined> {
  const socketPath = /^unix:\/\/(.+)$/.exec(dockerHost)?.[1];
  if (socketPath === undefined) return undefined;
  const text = await new Promise<string>((resolve) => {
    const asked = request({ socketPath, path: '/info', signal: AbortSignal.timeout(ENGINE_LIMIT_MS) }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('close', () => resolve(body));
    });
    asked.on('error', () => resolve(''));
    asked.end();
  });
  try {
    return Info.parse(JSON.parse(text)).DockerRootDir;
  } catch {
    // Not answering is for whoever deploys to say.
    return undefined;
  }
}
