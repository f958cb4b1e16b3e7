/** This machine cannot carry a private engine. The message is one sentence that says what to do; the CLI ends with exit code 78 (EX_CONFIG). */
export class MachineRefused extends Error {
  override readonly name = 'MachineRefused';
  readonly exitCode = 78;
}

/** What decides whether a machine can carry a private engine. */
export interface MachineFacts {
  readonly platform: string;
  readonly arch: string;
  /** Effective user id, 0 for root. */
  readonly uid: number;
  /** The machine's /etc/os-release, empty where there is none. */
  readonly osRelease: string;
  /** Programs that every Debian has and that were not found. */
  readonly missing: readonly string[];
  /** Whether this root may create namespaces (a container's root often may not). */
  readonly mayCreateNamespaces: boolean;
}

/** Debian 13's engine, which is used everywhere, needs the C library of Debian 12 or newer. */
const OLDEST_DEBIAN = 12;

/** Why a private engine cannot run here, as a sentence with what to do; undefined when it can. */
export function reasonToRefuse(facts: MachineFacts): string | undefined {
  const { platform, arch, uid, missing } = facts;
  if (platform !== 'linux' || !['x64', 'arm64'].includes(arch))
    return `A private Docker engine runs on Linux on x64 or arm64 only, and this is ${platform} on ${arch}: use a Debian ${OLDEST_DEBIAN} (or newer) machine.`;
  const { ID: id = 'an unknown system', VERSION_ID: version } = readOsRelease(facts.osRelease);
  if (id !== 'debian' || Number(version ?? Number.POSITIVE_INFINITY) < OLDEST_DEBIAN)
    return `A private Docker engine is put together from Debian's packages, and this is ${[id, version].filter(Boolean).join(' ')}: use a Debian ${OLDEST_DEBIAN} (or newer) machine.`;
  if (missing.length > 0)
    return `This Debian lacks ${missing.join(', ')}, which a private Docker engine needs: install the packages apt, dpkg, util-linux and mount.`;
  if (uid !== 0) return 'A private Docker engine needs root, and this is another user: run the same command as root (sudo -E).';
  if (!facts.mayCreateNamespaces)
    return 'This root may not create namespaces, as in a container without rights: use a machine of its own, or start the container with --privileged.';
  return undefined;
}

function readOsRelease(text: string): Partial<Record<string, string>> {
  const lines = text.matchAll(/^(\w+)=(?:"([^"\n]*)"|'([^'\n]*)'|(.*))$/gm);
  return Object.fromEntries([...lines].map(([, key, double, single, bare]) => [key, double ?? single ?? bare]));
}
