import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AptSource, chooseMirror, type PackageSets, type Suite, suites } from './debian-packages.ts';
import { MachineRefused } from './refusal.ts';
import { runProgram } from './run-program.ts';

/** The packages could not be downloaded. */
export class PackagesUnavailable extends Error {
  override readonly name = 'PackagesUnavailable';
}

/** A package is unpacked on one core, most of the time in xz; a small machine has two. */
const UNPACKED_AT_ONCE = 2;
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Downloads the packages and unpacks them into `<folder>/root`. Reads the host's apt settings (mirror, proxy) and writes nothing
 * outside the folder: lists, archives and state are private. Throws {@link PackagesUnavailable}.
 */
export async function downloadPackages(folder: string, sets: PackageSets, signal: AbortSignal | undefined): Promise<void> {
  const mirror = await hostMirror();
  const wanted = suites.flatMap((suite) => (sets[suite] === undefined ? [] : [{ suite, packages: sets[suite] }]));
  await Promise.all(wanted.map((each) => downloadSuite(join(folder, each.suite), each, mirror, signal)));
  const folders = wanted.map(({ suite }) => join(folder, suite));
  await unpackAll(folders, join(folder, 'root'), signal);
  await Promise.all(folders.map((each) => rm(each, { recursive: true })));
}

interface Wanted {
  readonly suite: Suite;
  readonly packages: readonly string[];
}

async function downloadSuite(
  folder: string,
  { suite, packages }: Wanted,
  mirror: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const debs = join(folder, 'debs');
  for (const path of [debs, join(folder, 'lists/partial'), join(folder, 'cache/archives/partial')])
    await mkdir(path, { recursive: true });
  await writeFile(join(folder, 'status'), '');
  await writeFile(join(folder, 'sources.list'), `deb [signed-by=${KEYRING}] ${mirror} ${suite} main\n`);
  await writeFile(join(folder, 'apt.conf'), await privateAptSettings(folder));
  const options = { env: { APT_CONFIG: join(folder, 'apt.conf') }, cwd: debs, signal };
  try {
    await runProgram('apt-get', ['-qq', 'update'], options);
    await runProgram('apt-get', ['-qq', 'download', ...packages], options);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new PackagesUnavailable(`Debian's packages (${suite}) could not be downloaded: is ${mirror} reachable?`, { cause });
  }
}

/** The host's way to its mirror (proxy, checks), without its hooks, and with every path that apt writes to in `folder`. */
async function privateAptSettings(folder: string): Promise<string> {
  const dump = await runProgram('apt-config', ['dump']);
  const acquire = dump.split('\n').filter((line) => line.startsWith('Acquire::') && !line.startsWith('Acquire::IndexTargets'));
  const nowhere = ['main', 'parts', 'sourceparts', 'preferences', 'preferencesparts'].map(
    (key) => `Dir::Etc::${key} "/dev/null";`,
  );
  const here = {
    'Dir::Etc::sourcelist': 'sources.list',
    'Dir::State': '.',
    'Dir::State::lists': 'lists',
    'Dir::State::status': 'status',
    'Dir::Cache': 'cache',
  };
  const paths = Object.entries(here).map(([key, path]) => `${key} "${join(folder, path)}";`);
  return [...acquire, ...nowhere, ...paths, 'APT::Sandbox::User "root";', ''].join('\n');
}

async function hostMirror(): Promise<string> {
  const format = '$(REPO_URI)\t$(RELEASE)\t$(COMPONENT)';
  const targets = await runProgram('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const sources = targets.split('\n').map((line): AptSource => {
    const [uri = '', release = '', component = ''] = line.split('\t');
    return { uri, release, component };
  });
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
  const mirror = chooseMirror(sources, codename);
  if (mirror === undefined)
    throw new MachineRefused(
      `apt knows no Debian mirror for ${codename} main, from which Docker would be downloaded: add one to /etc/apt/sources.list.`,
    );
  return mirror;
}

async function unpackAll(folders: readonly string[], root: string, signal: AbortSignal | undefined): Promise<void> {
  const debs = await Promise.all(
    folders.map(async (folder) => (await readdir(join(folder, 'debs'))).map((file) => join(folder, 'debs', file))),
  );
  const waiting = debs.flat();
  const unpack = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      await runProgram('dpkg', ['-x', file, root], { signal });
  };
  await Promise.all(Array.from({ length: UNPACKED_AT_ONCE }, unpack));
  if (!existsSync(join(root, 'usr/sbin/xtables-nft-multi'))) return;
  // Debian chooses these names by its alternatives system when a package is installed.
  for (const name of ['iptables', 'iptables-save', 'iptables-restore', 'ip6tables', 'ip6tables-save', 'ip6tables-restore'])
    await symlink('xtables-nft-multi', join(root, 'usr/sbin', name));
}
