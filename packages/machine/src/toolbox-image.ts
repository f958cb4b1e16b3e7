import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { StandInImage } from './image.ts';

/** Under which name the toolbox of demo and tests is pulled; the default of the setting `tests.toolbox`. */
const REFERENCE = 'cc-ci/toolbox:1';

const PYTHON = '/usr/lib/python3/dist-packages';
/** pytest and requests, with what they need. */
const modules = [
  ...['pytest', '_pytest', 'py.py', 'pluggy', 'iniconfig', 'packaging', 'attr', 'attrs'],
  ...['requests', 'urllib3', 'idna', 'certifi', 'chardet'],
];

const Manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().default(false) })).default({}),
});

/** The image in which tests of recipes run: Python with pytest, Node with Vitest, curl, jq, git, bash and busybox. */
export function toolboxImage(): StandInImage {
  const vitest = packagesOf('vitest', dirname(fileURLToPath(import.meta.url)));
  return {
    references: [REFERENCE],
    from: {
      name: 'toolbox',
      packaged: [
        ...['/bin/busybox', '/bin/bash', '/usr/bin/curl', '/usr/bin/jq', '/usr/bin/git', '/usr/lib/git-core'],
        ...['/usr/bin/python3.11', '/usr/lib/python3.11', ...modules.map((name) => `${PYTHON}/${name}`)],
      ],
      copied: {
        '/usr/bin/node': process.execPath,
        ...Object.fromEntries([...vitest].map(([name, folder]) => [`/node_modules/${name}`, folder])),
      },
      files: {
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/tmp:/bin/sh\n',
        '/etc/group': 'root:x:0:\nnogroup:x:65534:\n',
        '/etc/nsswitch.conf': 'hosts: files dns\n',
        '/usr/bin/python3': '#!/bin/sh\nexec python3.11 "$@"\n',
        '/usr/bin/pytest': '#!/bin/sh\nexec python3.11 -m pytest "$@"\n',
        '/usr/bin/vitest': '#!/bin/sh\nexec node /node_modules/vitest/vitest.mjs "$@"\n',
      },
      config: { cmd: ['sh'], env: { PYTHONDONTWRITEBYTECODE: '1' } },
    },
  };
}

/** A package that is installed here and all that it needs, each with its folder. Two versions of one package have no place in one image. */
function packagesOf(name: string, from: string, found = new Map<string, string>()): ReadonlyMap<string, string> {
  const folder = folderOf(name, from);
  if (folder === undefined || found.has(name)) return found;
  found.set(name, folder);
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = manifest;
  const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional);
  for (const needed of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers])
    packagesOf(needed, folder, found);
  return found;
}

/** Where Node would find a package from here. Undefined for one that is not made for this machine. */
function folderOf(name: string, from: string): string | undefined {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) return realpathSync(folder);
  return dirname(from) === from ? undefined : folderOf(name, dirname(from));
}
