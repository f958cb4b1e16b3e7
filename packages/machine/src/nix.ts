import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ExecaError } from 'execa';
import { cacheFolder } from './config.ts';
import { bringPackages, libraryFolders } from './debian.ts';
import { nixPackages } from './debian-packages.ts';
import { runProgram } from './run-program.ts';

/** Debian's Nix, unpacked in the cache. It evaluates and builds nothing: there is no store, no daemon, no network. */
export interface Nix {
  /** The value of the function in a file for these arguments, whatever JSON can say. Rejects with NixRefused. */
  evaluate(file: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Rejects with NixRefused when one of these files is no Nix. */
  parse(files: readonly string[]): Promise<void>;
}

/** Nix does not take what it was given; the message is its own. */
export class NixRefused extends Error {
  override readonly name = 'NixRefused';
}

/** Calls the function in a file with what JSON says. */
const CALL = '{ file, args }: import file (builtins.fromJSON args)';

/** Brings Nix into the cache, once, and says how to ask it. Throws PackagesUnavailable. */
export async function bringNix(report: (step: string) => void, signal?: AbortSignal): Promise<Nix> {
  const { root } = await bringPackages("Debian's Nix", nixPackages, report, signal);
  const home = join(cacheFolder(), 'nix-home');
  await mkdir(home, { recursive: true });
  const environment = {
    LD_LIBRARY_PATH: [join(root, 'usr/lib/nix'), ...libraryFolders(root)].join(':'),
    // What it remembers and the settings of this host's own Nix both stay out of it.
    HOME: home,
    NIX_CONF_DIR: home,
    NIX_USER_CONF_FILES: '',
    NIX_STATE_DIR: join(home, 'state'),
    NIX_STORE_DIR: join(home, 'store'),
  };
  const ask = async (args: readonly string[]): Promise<string> => {
    try {
      return await runProgram(join(root, 'usr/bin/nix-instantiate'), ['--store', 'dummy://', ...args], {
        env: environment,
        signal,
      });
    } catch (cause) {
      if (cause instanceof ExecaError && cause.exitCode !== undefined) throw new NixRefused(String(cause.stderr), { cause });
      throw cause;
    }
  };
  return {
    async evaluate(file, args) {
      const given = ['--argstr', 'file', file, '--argstr', 'args', JSON.stringify(args)];
      return JSON.parse(await ask(['--eval', '--strict', '--json', ...given, '--expr', CALL]));
    },
    async parse(files) {
      await ask(['--parse', ...files]);
    },
  };
}
