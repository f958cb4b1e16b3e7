import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Debian } from './debian.ts';
import type { Engine } from './engine.ts';
import { followSwarm } from './follow-swarm.ts';
import { runProgram } from './run-program.ts';
import { type AddressTable, addressTables, CHAIN, INGRESS_NAMESPACE } from './vip-rules.ts';

/**
 * Stands in for IPVS on a kernel without it: keeps service addresses and published ports leading to running tasks.
 * Outlives restarts of the engine. `folder` is the engine's.
 */
export function startVip(options: {
  debian: Debian;
  engine: Engine;
  folder: string;
  report: (trouble: string) => void;
}): AsyncDisposable {
  const { engine } = options;
  /** What was applied, by the inode of the namespace: a namespace that was made anew is empty again. */
  const applied = new Map<string, AddressTable>();
  return followSwarm(
    engine.docker,
    async (view) => {
      const gateway = await ingressGateway(options);
      for (const table of addressTables(view, gateway)) {
        const namespace = await findNamespace(options, table.namespace);
        if (namespace === undefined) continue; // No task of that network runs here yet.
        const before = applied.get(namespace.inode);
        if (JSON.stringify(before) === JSON.stringify(table)) continue;
        await applyTable(options.debian, namespace.file, table, before?.addresses ?? []);
        applied.set(namespace.inode, table);
      }
    },
    options.report,
  );
}

interface Where {
  readonly engine: Engine;
  readonly folder: string;
}

/** The namespace's file as the host sees it; undefined while there is none. */
async function findNamespace({ engine, folder }: Where, name: string): Promise<{ file: string; inode: string } | undefined> {
  const process = `/proc/${engine.pid}`;
  const file = name === '' ? `${process}/ns/net` : join(process, 'root', folder, 'exec/netns', name);
  try {
    const { dev, ino } = await stat(file);
    return { file, inode: `${dev}:${ino}` };
  } catch {
    return undefined;
  }
}

/** The address behind which Swarm keeps published ports, on the bridge to the engine's namespace. */
async function ingressGateway(options: Where & { debian: Debian }): Promise<string | undefined> {
  const namespace = await findNamespace(options, INGRESS_NAMESPACE);
  if (namespace === undefined) return undefined;
  // The device comes a moment after the namespace.
  const shown = await inside(options.debian, namespace.file, ['ip', '-4', '-o', 'addr', 'show', 'eth1']).catch(() => '');
  return /inet ([\d.]+)/.exec(shown)?.[1];
}

async function applyTable(debian: Debian, namespace: string, table: AddressTable, before: readonly string[]): Promise<void> {
  for (const address of table.addresses)
    await inside(debian, namespace, ['ip', 'addr', 'replace', `${address}/32`, 'dev', 'eth0']);
  // An address that is given to a container next must not be answered for here. Swarm may have taken it back already.
  const gone = before.filter((address) => !table.addresses.includes(address));
  for (const address of gone)
    await inside(debian, namespace, ['ip', 'addr', 'del', `${address}/32`, 'dev', 'eth0']).catch(() => undefined);
  // A new namespace takes this setting from the host's first one, where it may be off.
  await inside(debian, namespace, ['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
  const hooked = (await inside(debian, namespace, ['iptables-save', '-t', 'nat'])).includes(`-j ${CHAIN}`);
  const lines = ['*nat', `:${CHAIN} - [0:0]`, ...table.rules, ...(hooked ? [] : hooks(table.namespace)), 'COMMIT', ''];
  await inside(debian, namespace, ['iptables-restore', '--noflush', '--wait', '2'], lines.join('\n'));
}

/** How packets come to the chain: in the engine's namespace those to the engine itself, elsewhere all, answered through the balancer. */
function hooks(namespace: string): string[] {
  if (namespace === '') return ['PREROUTING', 'OUTPUT'].map((chain) => `-I ${chain} -m addrtype --dst-type LOCAL -j ${CHAIN}`);
  return [`-I PREROUTING -j ${CHAIN}`, '-I POSTROUTING -m conntrack --ctstate DNAT -j MASQUERADE'];
}

function inside(debian: Debian, namespace: string, command: readonly string[], input = ''): Promise<string> {
  return runProgram('nsenter', [`--net=${namespace}`, ...command], { env: debian.environment, input });
}
