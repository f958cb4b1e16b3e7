import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { recordFile } from '../src/machine-record.ts';

/** Everything that the host shows of a machine, by the names that it gives to what it makes. */
export function traces(folder: string): string[] {
  const id = basename(folder);
  return [
    ...[folder, recordFile(id), `/sys/class/net/${id}`, `/sys/class/net/${id}e`].filter((path) => existsSync(path)),
    ...mounts().filter((line) => line.includes(folder)),
    ...controlGroups().filter((path) => basename(path) === id),
    ...processes().flatMap(({ pid, said }) =>
      said.includes(folder) || said.includes(`/${id}/`) ? [`process ${pid}: ${said}`] : [],
    ),
  ];
}

/** The process that watches over the machine in this folder. */
export function keeperOf(folder: string): number | undefined {
  return processes().find(({ said }) => said.includes('keeper-main.ts') && said.includes(recordFile(basename(folder))))?.pid;
}

/** Processes with their command line and control groups. */
function processes(): { pid: number; said: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const said =
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') + readFileSync(`/proc/${pid}/cgroup`, 'utf8');
      return [{ pid: Number(pid), said }];
    } catch {
      return []; // It ended while we were looking.
    }
  });
}

function mounts(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
}

function controlGroups(): string[] {
  const trees = readdirSync('/sys/fs/cgroup').map((name) => join('/sys/fs/cgroup', name));
  return ['/sys/fs/cgroup', ...trees].flatMap((tree) => {
    try {
      return readdirSync(tree).map((name) => join(tree, name));
    } catch {
      return []; // A file, not a tree.
    }
  });
}
