/** Packages by the release of Debian that they are taken from. */
export type PackageSets = Readonly<Partial<Record<Suite, readonly string[]>>>;

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
    ...[
      'postgresql-15',
      'postgresql-client-15',
      'libpq5',
      'libicu72',
      'libxml2',
      'libreadline8',
      'util-linux',
      'libcap-ng0',
      'tzdata',
    ],
    // The toolbox, in which tests of recipes run.
    ...['bash', 'curl', 'libcurl4', 'jq', 'libjq1', 'libonig5', 'git', 'libcurl3-gnutls', 'libpcre2-8-0'],
    ...['libnghttp2-14', 'librtmp1', 'libssh2-1', 'libpsl5', 'libbrotli1', 'libgssapi-krb5-2', 'libkrb5-3', 'libk5crypto3'],
    ...['libkrb5support0', 'libcom-err2', 'libkeyutils1', 'libldap-2.5-0', 'libsasl2-2', 'libexpat1', 'libffi8'],
    ...['python3.11-minimal', 'libpython3.11-minimal', 'libpython3.11-stdlib', 'libsqlite3-0', 'libuuid1'],
    ...['python3-pytest', 'python3-pluggy', 'python3-iniconfig', 'python3-packaging', 'python3-attr'],
    ...['python3-requests', 'python3-urllib3', 'python3-idna', 'python3-certifi', 'python3-chardet'],
  ],
} as const satisfies PackageSets;

/** A browser without a window, for the tests of pages, with its libraries and one family of letters. */
export const chromiumPackages = {
  bookworm: [
    ...['chromium-headless-shell', 'chromium-common', 'fonts-dejavu-core'],
    ...[
      'libasound2',
      'libatk1.0-0',
      'libatspi2.0-0',
      'libdav1d6',
      'libdbus-1-3',
      'libdouble-conversion3',
      'libexpat1',
      'libflac12',
    ],
    ...['libfontconfig1', 'libfreetype6', 'libgbm1', 'libgcc-s1', 'libglib2.0-0', 'libharfbuzz-subset0', 'libharfbuzz0b'],
    ...[
      'libjpeg62-turbo',
      'libminizip1',
      'libnspr4',
      'libnss3',
      'libopenh264-7',
      'libopus0',
      'libpulse0',
      'libudev1',
      'libx11-6',
    ],
    ...['libxcb1', 'libxcomposite1', 'libxdamage1', 'libxext6', 'libxfixes3', 'libxkbcommon0', 'libxnvctrl0', 'libxrandr2'],
    ...[
      'libzstd1',
      'zlib1g',
      'libstdc++6',
      'libpng16-16',
      'libbrotli1',
      'libgraphite2-3',
      'libdrm2',
      'libwayland-server0',
      'libffi8',
    ],
    ...[
      'libxau6',
      'libxdmcp6',
      'libxi6',
      'libxrender1',
      'libbsd0',
      'libmd0',
      'libpcre2-8-0',
      'libmount1',
      'libblkid1',
      'libselinux1',
    ],
    ...[
      'libsystemd0',
      'libcap2',
      'libgcrypt20',
      'libgpg-error0',
      'liblz4-1',
      'liblzma5',
      'libsqlite3-0',
      'libogg0',
      'libvorbis0a',
    ],
    ...['libvorbisenc2', 'libsndfile1', 'libasyncns0', 'libmp3lame0', 'libmpg123-0', 'libuuid1'],
  ],
} as const satisfies PackageSets;

/** Nix, which evaluates the modules of `nix/` for `npm run check`, and the libraries that a minimal Debian does not have. */
export const nixPackages = {
  bookworm: [
    'nix-bin',
    ...['libarchive13', 'libboost-context1.74.0', 'libbrotli1', 'libbsd0', 'libcpuid16', 'libcurl3-gnutls', 'libedit2', 'libgc1'],
    ...['liblowdown1', 'libmd0', 'libnghttp2-14', 'libreadline8', 'libseccomp2', 'libsodium23', 'libsqlite3-0', 'libssl3'],
    ...['libstdc++6', 'libgcc-s1', 'libxml2', 'libicu72', 'libnettle8', 'libacl1', 'librtmp1', 'libssh2-1', 'libpsl5'],
    ...['libgssapi-krb5-2', 'libkrb5-3', 'libk5crypto3', 'libkrb5support0', 'libcom-err2', 'libkeyutils1', 'libldap-2.5-0'],
    ...[
      'libsasl2-2',
      'libgnutls30',
      'libhogweed6',
      'libidn2-0',
      'libunistring2',
      'libp11-kit0',
      'libtasn1-6',
      'libffi8',
      'libgmp10',
    ],
  ],
} as const satisfies PackageSets;

export type Suite = 'trixie' | 'bookworm';
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
