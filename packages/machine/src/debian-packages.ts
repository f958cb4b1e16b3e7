/**
 * The Debian packages that make a bare machine: downloaded and unpacked into the cache, never installed.
 *
 * One set for every host, so that there is one engine to know: Debian 13's Docker (the first in Debian with Compose v2 and
 * `docker stack config`) beside Debian 12's programs. Debian 13's runc would need a newer C library than Debian 12 has.
 * Libraries are listed where a minimal Debian does not have them; the C library itself is always the host's.
 */
export const packageSets = {
  trixie: ['docker.io', 'docker-cli', 'docker-compose', 'docker-buildx', 'containerd'],
  bookworm: [
    ...['runc', 'libseccomp2', 'tini', 'docker-registry'],
    ...[
      'iptables',
      'libip4tc2',
      'libip6tc2',
      'libxtables12',
      'libnetfilter-conntrack3',
      'libnfnetlink0',
      'libnftnl11',
      'libmnl0',
    ],
    ...['iproute2', 'libbpf1', 'libelf1', 'libcap2', 'libbsd0', 'libdb5.3'],
    ...[
      'redis-server',
      'redis-tools',
      'libjemalloc2',
      'liblzf1',
      'liblua5.1-0',
      'lua-bitop',
      'lua-cjson',
      'libatomic1',
      'libhiredis0.14',
      'libssl3',
    ],
    ...['busybox', 'nginx', 'nginx-common', 'caddy', 'openssl'],
  ],
} as const satisfies Record<string, readonly string[]>;

export type Suite = keyof typeof packageSets;
export const suites: readonly Suite[] = ['trixie', 'bookworm'];

/** The programs that are started by name, and the package that each is in. */
export const programs = {
  dockerd: 'docker.io',
  docker: 'docker-cli',
  containerd: 'containerd',
  runc: 'runc',
  tini: 'tini',
  iptables: 'iptables',
  ip: 'iproute2',
  'docker-registry': 'docker-registry',
  'redis-server': 'redis-tools',
  busybox: 'busybox',
  nginx: 'nginx',
  caddy: 'caddy',
  openssl: 'openssl',
} as const;

export type Program = keyof typeof programs;

/** One line of `apt-get indextargets`: a source that the host's apt already trusts. */
export interface AptSource {
  readonly uri: string;
  readonly release: string;
  readonly component: string;
}

/**
 * The address of the Debian mirror that the host uses, for fetching the suites above; undefined when apt has none.
 * Others publish a `main` of their own under a Debian release's name, so a path that ends in /debian goes first.
 */
export function chooseMirror(sources: readonly AptSource[], codename: string): string | undefined {
  const main = sources
    .filter(({ release, component }) => release === codename && component === 'main')
    .map(({ uri }) => uri.replace(/\/+$/, ''));
  return main.find((uri) => uri.endsWith('/debian')) ?? main[0];
}
