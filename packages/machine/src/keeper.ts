import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './config.ts';
import { recordFile } from './machine-record.ts';

/** Watches over a machine from outside its owner's process. */
export interface Keeper {
  /** Ends it. The machine must have been removed: the keeper looks, finds nothing and goes. */
  dismiss(): Promise<void>;
}

/**
 * Starts the process that removes a machine when its owner is gone without having done so, even by `kill -9`: the owner
 * holds the writing end of a pipe, and the kernel closes it. It has a session of its own, so that whatever ends the owner
 * (a terminal's Ctrl-C, a killed process group) does not end it too.
 */
export async function startKeeper(id: string): Promise<Keeper> {
  const keeper = spawn(process.execPath, [fileURLToPath(new URL('./keeper-main.ts', import.meta.url)), recordFile(id)], {
    env: { CACHE: cacheFolder() },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  await once(keeper, 'spawn');
  keeper.stdin.on('error', () => undefined);
  keeper.unref();
  if ('unref' in keeper.stdin && typeof keeper.stdin.unref === 'function') keeper.stdin.unref();
  return {
    async dismiss() {
      keeper.ref();
      const ended = keeper.exitCode === null && keeper.signalCode === null ? once(keeper, 'exit') : undefined;
      keeper.stdin.end();
      await ended;
    },
  };
}
