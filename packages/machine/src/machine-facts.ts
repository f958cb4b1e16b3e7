import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MachineFacts, MachineRefused, reasonToRefuse } from './refusal.ts';
import { runProgram, SYSTEM_PATH } from './run-program.ts';

const NEEDED = ['apt-get', 'apt-config', 'dpkg', 'dpkg-deb', 'unshare', 'nsenter', 'setpriv', 'mount', 'tar', 'ldd'];

/** Throws {@link MachineRefused} unless this machine can carry a private engine. */
export async function refuseUnfitMachine(): Promise<void> {
  const reason = reasonToRefuse(await readMachineFacts());
  if (reason !== undefined) throw new MachineRefused(reason);
}

async function readMachineFacts(): Promise<MachineFacts> {
  const missing = NEEDED.filter((program) => !SYSTEM_PATH.split(':').some((folder) => existsSync(join(folder, program))));
  return {
    platform: process.platform,
    arch: process.arch,
    uid: process.geteuid?.() ?? -1,
    osRelease: existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '',
    missing,
    mayCreateNamespaces: missing.length === 0 && (await triesNamespaces()),
  };
}

async function triesNamespaces(): Promise<boolean> {
  const namespaces = ['--net', '--mount', '--pid', '--uts', '--fork'];
  return await runProgram('unshare', [...namespaces, 'mount', '-t', 'tmpfs', 'tmpfs', '/run']).then(
    () => true,
    () => false,
  );
}
